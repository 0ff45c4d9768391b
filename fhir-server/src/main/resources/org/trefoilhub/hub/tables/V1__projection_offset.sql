-- How far each projection has read the change feed.
create table if not exists trefoil.projection_offset (
    projection varchar(64) not null primary key,
    position bigint not null
);
