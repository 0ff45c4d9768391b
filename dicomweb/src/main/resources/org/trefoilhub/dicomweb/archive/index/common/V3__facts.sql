-- What the policy asks of studies and patients.

alter table ${schema}.study add column if not exists started_at timestamp with time zone; -- date and time with a zone; null without a date

-- The identity that the FHIR store keeps for a patient: 'Patient/12', null while it keeps none. Labels are the policy's tables' alone.
alter table ${schema}.patient add column if not exists patient_ref varchar(80);
alter table ${schema}.patient drop column if exists label;
create index if not exists patient_by_ref on ${schema}.patient (patient_ref);
