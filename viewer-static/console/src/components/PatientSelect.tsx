import { Select } from 'antd';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { findPatients, patientName, patientNumber } from '../features/policies/api';

interface Choice {
  readonly value: string;
  readonly label: string;
}

/** How long typing must pause before a search starts, in ms. */
const typingPauseMs = 300;

export function patientChoice(patient: fhir4.Patient): Choice {
  return { value: `Patient/${patient.id ?? ''}`, label: `${patientName(patient)}（${patientNumber(patient)}）` };
}

/** Searches as one types, calling off what is no longer wanted. */
export function useSearch<T>(find: (text: string, signal: AbortSignal) => Promise<readonly T[]>): {
  readonly found: readonly T[];
  readonly searching: boolean;
  readonly failed: boolean;
  readonly text: string;
  readonly search: (text: string) => void;
} {
  const [text, setText] = useState('');
  const [result, setResult] = useState<{ text: string; found: readonly T[]; failed: boolean }>({ text: '', found: [], failed: false });
  const finder = useRef(find);
  useEffect(() => {
    finder.current = find;
  });
  useEffect(() => {
    const wanted = text.trim();
    if (wanted === '') return undefined;
    const control = new AbortController();
    const timer = setTimeout(() => {
      finder.current(wanted, control.signal).then(
        found => setResult({ text: wanted, found, failed: false }),
        () => {
          if (!control.signal.aborted) setResult({ text: wanted, found: [], failed: true });
        },
      );
    }, typingPauseMs);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [text]);
  const wanted = text.trim();
  const answered = result.text === wanted;
  return {
    found: wanted === '' || !answered ? [] : result.found,
    searching: wanted !== '' && !answered,
    failed: answered && result.failed,
    text: wanted,
    search: setText,
  };
}

interface Props {
  readonly id?: string;
  readonly value: string | undefined;
  readonly label: string;
  readonly placeholder: string;
  readonly hint: string;
  readonly nothing: string;
  readonly onChange: (reference: string | undefined, patient: fhir4.Patient | undefined) => void;
}

/** One patient, found by name or number. */
export function PatientSelect({ id, value, label, placeholder, hint, nothing, onChange }: Props): ReactNode {
  const [chosen, setChosen] = useState<Choice>();
  const { found, searching, text, search } = useSearch((wanted, signal) => findPatients(wanted, signal));
  const choices = found.map(patientChoice);
  const options = chosen !== undefined && chosen.value === value && !choices.some(c => c.value === value) ? [chosen, ...choices] : choices;
  return (
    <Select<string>
      {...(id === undefined ? {} : { id })}
      aria-label={label}
      // A patient that was chosen elsewhere has no name here.
      value={options.some(o => o.value === value) ? (value ?? null) : null}
      showSearch={{ filterOption: false, onSearch: search }}
      allowClear
      style={{ width: '100%' }}
      placeholder={placeholder}
      loading={searching}
      notFoundContent={text === '' ? hint : searching ? null : nothing}
      options={options}
      onChange={reference => {
        setChosen(choices.find(c => c.value === reference));
        onChange(reference, found.find(p => `Patient/${p.id ?? ''}` === reference));
      }}
    />
  );
}
