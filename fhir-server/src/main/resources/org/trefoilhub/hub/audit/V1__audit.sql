-- One row per event; never changed, never deleted.
create table if not exists audit_event (
    seq       bigint           not null primary key,
    recorded  bigint           not null, -- microseconds since 1970, UTC
    type      varchar(64)      not null,
    subtype   varchar(64),               -- the most telling one
    action    varchar(1)       not null,
    outcome   varchar(2)       not null,
    door      varchar(32),
    client    varchar(200),
    user_name varchar(200),
    address   varchar(100),
    trace_id  varchar(64),
    format    varchar(8)       not null, -- 'record' or 'fhir', of the content
    content   varchar(1000000) not null
);
create index if not exists audit_event_recorded on audit_event (recorded, seq);
create index if not exists audit_event_user on audit_event (user_name, recorded, seq);
create index if not exists audit_event_trace on audit_event (trace_id);

-- What an event is about: 'Patient/12', 'ImagingStudy/3', 'urn:oid:1.2.3'.
create table if not exists audit_entity (
    reference varchar(200) not null,
    seq       bigint       not null,
    primary key (reference, seq)
);
create index if not exists audit_entity_seq on audit_entity (seq);

-- Events that the chain does not have yet.
create table if not exists audit_unsealed (
    seq bigint not null primary key
);

-- The chain: each hash covers its event and the hash before.
create table if not exists audit_seal (
    position bigint      not null primary key,
    seq      bigint      not null unique,
    hash     varchar(64) not null
);
