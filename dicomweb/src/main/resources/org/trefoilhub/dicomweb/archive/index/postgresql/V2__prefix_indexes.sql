-- LIKE 'abc%' uses an index only under byte-wise comparison.
create index if not exists study_name_prefix on ${schema}.study_name_word (role, word varchar_pattern_ops);
create index if not exists study_accession_prefix on ${schema}.study (accession_number varchar_pattern_ops);
create index if not exists study_patient_prefix on ${schema}.study (patient_id varchar_pattern_ops);
