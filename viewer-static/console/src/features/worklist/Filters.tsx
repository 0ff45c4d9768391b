import { ReloadOutlined, SearchOutlined } from '@ant-design/icons';
import { Button, DatePicker, Input, Segmented, Select, Space, type InputRef } from 'antd';
import dayjs from 'dayjs';
import type { ReactNode, RefObject } from 'react';
import { useTexts } from '../../i18n/preferences';
import { quickRanges, rangeDays, type QuickRange } from './dates';
import type { SearchField, StudyFilter } from './search';

const modalities = ['CT', 'MR', 'DX', 'CR', 'MG', 'XA', 'RF', 'US', 'NM', 'PT', 'ES', 'OP', 'ECG', 'SM', 'XC', 'DOC', 'SR'];

interface Props {
  readonly filter: StudyFilter;
  readonly text: string;
  readonly range: QuickRange | undefined;
  readonly busy: boolean;
  readonly searchBox: RefObject<InputRef | null>;
  readonly onText: (text: string) => void;
  readonly onChange: (change: Partial<StudyFilter>, range?: QuickRange) => void;
  readonly onReset: () => void;
  readonly onRefresh: () => void;
  /** What else one may do here. */
  readonly extra?: ReactNode;
}

export function Filters({ filter, text, range, busy, searchBox, onText, onChange, onReset, onRefresh, extra }: Props): ReactNode {
  const texts = useTexts();
  const fields: { value: SearchField; label: string }[] = [
    { value: 'any', label: texts.fieldAny },
    { value: 'name', label: texts.fieldName },
    { value: 'patientId', label: texts.fieldPatientId },
    { value: 'accession', label: texts.fieldAccession },
  ];
  const filtered = text !== '' || filter.modalities.length > 0 || filter.from !== undefined || filter.to !== undefined;
  return (
    <div className="filters" role="search">
      <Space.Compact className="search">
        <Select
          aria-label={texts.searchField}
          value={filter.field}
          options={fields}
          onChange={field => onChange({ field })}
          style={{ width: 92 }}
          popupMatchSelectWidth={false}
        />
        <Input
          ref={searchBox}
          value={text}
          onChange={event => onText(event.target.value)}
          onPressEnter={() => onChange({ text })}
          placeholder={texts.searchPlaceholder}
          aria-label={texts.search}
          prefix={<SearchOutlined className="quiet" />}
          allowClear
          autoComplete="off"
          spellCheck={false}
          name="study-search"
        />
      </Space.Compact>
      <Select
        className="modality"
        mode="multiple"
        aria-label={texts.modality}
        placeholder={texts.allModalities}
        value={[...filter.modalities]}
        onChange={value => onChange({ modalities: value })}
        options={modalities.map(value => ({ value, label: value }))}
        maxTagCount="responsive"
        allowClear
      />
      <Segmented
        aria-label={texts.dateRange}
        value={range ?? ''}
        onChange={value => onChange(rangeDays(value as QuickRange, new Date()), value as QuickRange)}
        options={quickRanges.map(value => ({ value, label: texts[value] }))}
      />
      <DatePicker.RangePicker
        allowEmpty={[true, true]}
        value={[filter.from === undefined ? null : dayjs(filter.from), filter.to === undefined ? null : dayjs(filter.to)]}
        onChange={dates => onChange({ from: dates?.[0]?.format('YYYY-MM-DD'), to: dates?.[1]?.format('YYYY-MM-DD') })}
        style={{ width: 244 }}
      />
      <Space size={4}>
        {filtered && <Button type="text" onClick={onReset}>{texts.reset}</Button>}
        <Button type="text" icon={<ReloadOutlined spin={busy} />} onClick={onRefresh} aria-label={texts.refresh} title={texts.refresh} />
      </Space>
      <span className="push" />
      {extra}
      <span className="hint">{texts.keyboardHint}</span>
    </div>
  );
}
