-- What a grant was launched with, as JSON; null without a launch.
alter table smart_grant add column if not exists launch varchar(2000);

-- When a revocation was written: other processes on this database look for the young ones.
alter table smart_revocation add column if not exists revoked_at timestamp(6) with time zone;
create index if not exists smart_revocation_young on smart_revocation (revoked_at);

-- Refresh tokens that were rotated away, as SHA-256; seeing one again means that somebody else has it.
create table if not exists smart_refresh_used (
    hash     varchar(64) not null primary key,
    grant_id varchar(64) not null,
    until_at timestamp(6) with time zone not null
);

-- What may be used once: client assertions, by the SHA-256 of client and jti.
create table if not exists smart_once (
    id       varchar(64) not null primary key,
    until_at timestamp(6) with time zone not null
);

-- Public keys that clients registered themselves, as a JWK set.
create table if not exists smart_client_key (
    client_id  varchar(64)   not null primary key,
    jwks       varchar(16000) not null,
    changed_at timestamp(6) with time zone not null
);

-- Clients and users that were shut out. A row stays after the block is lifted: tokens issued until not_before stay dead.
create table if not exists smart_block (
    kind       varchar(10) not null,
    name       varchar(64) not null,
    blocked    boolean     not null,
    not_before timestamp(6) with time zone not null,
    changed_by varchar(130) not null,
    primary key (kind, name)
);

-- Launches that wait for their app, by the SHA-256 of the handle.
create table if not exists smart_launch (
    hash      varchar(64)   not null primary key,
    client_id varchar(64)   not null,
    user_name varchar(64)   not null,
    context   varchar(2000) not null,
    until_at  timestamp(6) with time zone not null
);

-- Scopes that a person agreed to give an app.
create table if not exists smart_consent (
    client_id varchar(64)   not null,
    user_name varchar(64)   not null,
    scopes    varchar(4000) not null,
    given_at  timestamp(6) with time zone not null,
    primary key (client_id, user_name)
);
