-- Events that are durable but not yet in their place: one row for all that were committed together. The sealer
-- moves them to audit_event, audit_entity and audit_seal in one transaction; nothing else reads them.
create table if not exists audit_pending (
    seq      bigint not null primary key, -- number of the first event
    last_seq bigint not null,             -- the highest number
    events   int    not null,             -- how many
    content  bytea  not null              -- see PendingEvents
);
