-- add-foreign-keys.sql
-- Ties documents and session_notes to patients. Safe to run again: what is there already is left as it is.

-- 1. Documents
DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM information_schema.tables
                 WHERE table_schema = current_schema() AND table_name = 'documents') THEN
    RAISE NOTICE 'Table documents does not exist, skipping';
    RETURN;
  END IF;

  IF NOT EXISTS (SELECT 1 FROM information_schema.columns
                 WHERE table_schema = current_schema() AND table_name = 'documents' AND column_name = 'patient_id') THEN
    IF NOT EXISTS (SELECT 1 FROM information_schema.columns
                   WHERE table_schema = current_schema() AND table_name = 'documents' AND column_name = 'client_id') THEN
      RAISE EXCEPTION 'Table documents has neither patient_id nor client_id';
    END IF;
    ALTER TABLE documents RENAME COLUMN client_id TO patient_id;
    RAISE NOTICE 'Renamed documents.client_id to patient_id';
  END IF;

  IF NOT EXISTS (SELECT 1 FROM information_schema.table_constraints
                 WHERE table_schema = current_schema() AND table_name = 'documents'
                   AND constraint_name = 'fk_documents_patient') THEN
    ALTER TABLE documents
      ADD CONSTRAINT fk_documents_patient
      FOREIGN KEY (patient_id) REFERENCES patients(id) ON DELETE CASCADE;
    RAISE NOTICE 'Added fk_documents_patient';
  END IF;
END $$;

-- 2. Session notes
DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM information_schema.tables
                 WHERE table_schema = current_schema() AND table_name = 'session_notes') THEN
    RAISE NOTICE 'Table session_notes does not exist, skipping';
    RETURN;
  END IF;

  IF NOT EXISTS (SELECT 1 FROM information_schema.columns
                 WHERE table_schema = current_schema() AND table_name = 'session_notes'
                   AND column_name = 'patient_id') THEN
    IF NOT EXISTS (SELECT 1 FROM information_schema.columns
                   WHERE table_schema = current_schema() AND table_name = 'session_notes'
                     AND column_name = 'client_id') THEN
      RAISE EXCEPTION 'Table session_notes has neither patient_id nor client_id';
    END IF;
    ALTER TABLE session_notes RENAME COLUMN client_id TO patient_id;
    RAISE NOTICE 'Renamed session_notes.client_id to patient_id';
  END IF;

  IF NOT EXISTS (SELECT 1 FROM information_schema.table_constraints
                 WHERE table_schema = current_schema() AND table_name = 'session_notes'
                   AND constraint_name = 'fk_session_notes_patient') THEN
    ALTER TABLE session_notes
      ADD CONSTRAINT fk_session_notes_patient
      FOREIGN KEY (patient_id) REFERENCES patients(id) ON DELETE CASCADE;
    RAISE NOTICE 'Added fk_session_notes_patient';
  END IF;
END $$;

-- 3. Verify that the constraints are there
DO $$
DECLARE
  missing text;
BEGIN
  SELECT string_agg(wanted.name, ', ' ORDER BY wanted.name) INTO missing
  FROM (VALUES ('documents', 'fk_documents_patient'),
               ('session_notes', 'fk_session_notes_patient')) AS wanted(table_name, name)
  JOIN information_schema.tables AS t
    ON t.table_schema = current_schema() AND t.table_name = wanted.table_name
  WHERE NOT EXISTS (SELECT 1 FROM information_schema.table_constraints AS tc
                    WHERE tc.constraint_type = 'FOREIGN KEY' AND tc.table_schema = current_schema()
                      AND tc.table_name = wanted.table_name AND tc.constraint_name = wanted.name);
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION 'Foreign keys were not added: %', missing;
  END IF;
  RAISE NOTICE 'All foreign keys are in place';
END $$;
