-- Login sessions of people: the position chosen at login, and who vouched for the person.
create table if not exists smart_login (
    id             varchar(64)  not null primary key,
    user_name      varchar(64)  not null,
    position_code  varchar(64),
    method         varchar(20)  not null,
    issuer         varchar(500),
    issuer_subject varchar(300),
    issuer_session varchar(300),
    started_at     timestamp(6) with time zone not null,
    until_at       timestamp(6) with time zone not null
);
create index if not exists smart_login_issuer on smart_login (issuer);
