-- H2 compares byte-wise: the indexes of V1 serve LIKE 'abc%' already. Kept so that versions agree with PostgreSQL.
select 1;
