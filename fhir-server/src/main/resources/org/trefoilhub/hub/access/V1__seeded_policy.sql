-- Which shipped access policies were written into the FHIR store, in which edition, and what they became.
-- What is listed here is not written again: whoever deleted or changed it meant it.
-- Every statement may be repeated: H2 commits each DDL statement by itself, and a hub killed in its first start must start again.
create table if not exists trefoil.seeded_policy (
    seed varchar(64) not null primary key, -- 'seed-hub'
    edition varchar(16) not null,
    resource_id varchar(64) not null,
    resource_version bigint not null -- as written; a higher one means that somebody changed it since
);
