-- Grants of people that can be refreshed, and what was revoked before its time. No token is kept in clear.
create table if not exists smart_grant (
    id                varchar(64)   not null primary key,
    client_id         varchar(64)   not null,
    user_name         varchar(64)   not null,
    scopes            varchar(4000) not null,
    login_session     varchar(64)   not null,
    oidc_session      varchar(100),
    authenticated_at  timestamp(6) with time zone,
    refresh_hash      varchar(64)   not null,
    refresh_issued_at timestamp(6) with time zone not null,
    refresh_until     timestamp(6) with time zone not null,
    access_id         varchar(64)   not null,
    access_until      timestamp(6) with time zone not null
);
create unique index if not exists smart_grant_refresh on smart_grant (refresh_hash);
create index if not exists smart_grant_session on smart_grant (login_session);

-- id: the jti of an access token, or the id of a login session. After until_at no token can carry it any more.
create table if not exists smart_revocation (
    id       varchar(64) not null primary key,
    until_at timestamp(6) with time zone not null
);
