-- What the policy asks of patients and resources, for every door that narrows a query by SQL.
-- The rows of a resource are written in the transaction that writes the resource, so they are complete: what has no row has no fact.
-- Every statement may be repeated: H2 commits each DDL statement by itself, and a hub killed in its first start must start again.

-- One row for each Patient, linked identities included.
create table if not exists ${schema}.access_patient (
    patient_ref varchar(80) primary key, -- 'Patient/12'
    person_key varchar(80) not null, -- equal for all identities that are linked
    label varchar(1) not null -- N, R or V: the highest over the linked identities
);
create index if not exists access_patient_person on ${schema}.access_patient (person_key);

-- Codes of patients, repeated for each of the linked identities.
create table if not exists ${schema}.access_patient_code (
    patient_ref varchar(80) not null,
    kind varchar(16) not null, -- FactKind: SENSITIVITY, PATIENT_TYPE, GROUP
    code varchar(256) not null,
    constraint access_patient_code_pk primary key (patient_ref, kind, code)
);
create index if not exists access_patient_code_by on ${schema}.access_patient_code (kind, code);

-- One row for each encounter, under the identity it names.
create table if not exists ${schema}.access_care (
    encounter_ref varchar(80) primary key,
    patient_ref varchar(80) not null,
    encounter_class varchar(32) not null, -- AMB, EMER, IMP ..., '' when not told
    department varchar(128) not null, -- '' when not told
    is_current boolean not null,
    start_at timestamp with time zone,
    end_at timestamp with time zone
);
create index if not exists access_care_patient on ${schema}.access_care (patient_ref);
create index if not exists access_care_department on ${schema}.access_care (department, is_current);

-- Who takes part in an encounter.
create table if not exists ${schema}.access_care_user (
    encounter_ref varchar(80) not null,
    user_name varchar(256) not null,
    constraint access_care_user_pk primary key (encounter_ref, user_name)
);
create index if not exists access_care_user_by on ${schema}.access_care_user (user_name);

-- One row for each current FHIR resource.
create table if not exists ${schema}.access_resource (
    res_pid bigint primary key, -- of the FHIR store
    res_type varchar(40) not null,
    res_id varchar(64) not null,
    patient_ref varchar(80), -- null when the resource is about no patient
    study_uid varchar(64), -- Study Instance UID of an ImagingStudy
    from_at timestamp with time zone, -- the one documented date of its type, null without one
    until_at timestamp with time zone
);
create index if not exists access_resource_patient on ${schema}.access_resource (patient_ref, res_type);
create index if not exists access_resource_study on ${schema}.access_resource (study_uid);
create index if not exists access_resource_id on ${schema}.access_resource (res_type, res_id);

create table if not exists ${schema}.access_code (
    res_pid bigint not null,
    kind varchar(16) not null, -- FactKind of a resource: SOURCE, DEPARTMENT, MODALITY, EXAM_ITEM, DATA_TYPE, CATEGORY
    code varchar(256) not null,
    constraint access_code_pk primary key (res_pid, kind, code)
);
create index if not exists access_code_by on ${schema}.access_code (kind, code);

-- The order, study and report a resource belongs to, itself included.
create table if not exists ${schema}.access_exam (
    res_pid bigint not null,
    exam_ref varchar(80) not null,
    constraint access_exam_pk primary key (res_pid, exam_ref)
);
create index if not exists access_exam_by on ${schema}.access_exam (exam_ref);
