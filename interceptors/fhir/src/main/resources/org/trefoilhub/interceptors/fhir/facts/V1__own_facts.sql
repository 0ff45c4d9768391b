-- What resources say of themselves and of each other; the tables of org/trefoilhub/access/sql follow from it.
-- Every statement may be repeated, as in all our migrations.

-- Codes that stand in the resource itself. Kinds are those of access_code, and LABEL, SENSITIVITY (Patient), USER (Practitioner).
create table if not exists trefoil.access_own (
    res_pid bigint not null,
    kind varchar(16) not null,
    code varchar(256) not null,
    constraint access_own_pk primary key (res_pid, kind, code)
);

-- Who takes facts from whom, and which resource says so.
create table if not exists trefoil.access_edge (
    stated_by bigint not null, -- res_pid
    member_ref varchar(80) not null, -- takes
    source_ref varchar(80) not null, -- gives
    what varchar(8) not null, -- EXAM, MODALITY, LINK (Patient to Patient), MEMBER (Patient in Group)
    constraint access_edge_pk primary key (stated_by, member_ref, source_ref, what)
);
create index if not exists access_edge_member on trefoil.access_edge (member_ref, what);
create index if not exists access_edge_source on trefoil.access_edge (source_ref, what);
