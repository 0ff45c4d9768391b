-- The scopes that an app asked for, beside those that were given: the same question is not asked twice.
alter table smart_consent add column if not exists asked varchar(4000);

-- When a login session was last used; it ends by itself after a while.
alter table smart_login add column if not exists seen_at timestamp(6) with time zone;

-- Apps that want to hear of the end of a login session, and the session as their id token names it.
create table if not exists smart_app_login (
    login_session varchar(64)  not null,
    client_id     varchar(64)  not null,
    oidc_session  varchar(100),
    primary key (login_session, client_id)
);
