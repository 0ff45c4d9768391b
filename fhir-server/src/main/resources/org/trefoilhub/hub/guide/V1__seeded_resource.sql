-- Which resources of the guide were written into the FHIR store, in which edition.
-- What is listed here is not written again: whoever deleted or changed it meant it.
-- Every statement may be repeated: H2 commits each DDL statement by itself, and a hub killed in its first start must start again.
create table if not exists trefoil.seeded_resource (
    reference varchar(128) not null primary key, -- 'Questionnaire/rad-t1'
    edition varchar(64) not null, -- SHA-256 of the shipped file, hexadecimal
    resource_version bigint not null -- as written; another one in the store means that somebody changed it since
);
