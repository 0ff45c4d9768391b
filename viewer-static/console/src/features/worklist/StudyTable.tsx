import { Empty, Table, Tag, theme, type TableColumnsType } from 'antd';
import { useMemo, type ReactNode } from 'react';
import { useTexts } from '../../i18n/preferences';
import type { Texts } from '../../i18n/zh';
import { Thumbnail } from './Thumbnail';
import { wallClock, type Age, type StudyRow } from './study';

function ageText(age: Age | undefined, texts: Texts): string {
  switch (age?.unit) {
    case 'year':
      return texts.years(age.value);
    case 'month':
      return texts.months(age.value);
    case 'day':
      return texts.days(age.value);
    case undefined:
      return '';
  }
}

function columnsOf(texts: Texts, order: 'newest' | 'oldest'): TableColumnsType<StudyRow> {
  return [
    { key: 'thumbnail', width: 72, render: (_, row) => <Thumbnail row={row} /> },
    {
      key: 'patient',
      title: texts.patient,
      width: '17%',
      render: (_, row) => (
        <>
          <div className="patient-name one-line">{row.patientName || <span className="quiet">{texts.unnamed}</span>}</div>
          <div className="small quiet one-line">{row.patientId}</div>
        </>
      ),
    },
    { key: 'gender', title: texts.gender, width: 64, render: (_, row) => (row.gender ? texts[row.gender] : '') },
    { key: 'age', title: texts.age, width: 80, render: (_, row) => ageText(row.age, texts) },
    {
      key: 'started',
      title: texts.started,
      width: 160,
      sorter: true,
      sortOrder: order === 'newest' ? 'descend' : 'ascend',
      sortDirections: ['descend', 'ascend', 'descend'],
      showSorterTooltip: false,
      render: (_, row) => wallClock(row.started),
    },
    {
      key: 'exam',
      title: texts.exam,
      render: (_, row) => (
        <div className="one-line" title={row.description}>
          {row.description || <span className="quiet">{texts.untitled}</span>}
        </div>
      ),
    },
    {
      key: 'modality',
      title: texts.modality,
      width: 120,
      render: (_, row) => (
        <div className="modalities">
          {row.modalities.map(m => (
            <Tag key={m} variant="filled" color="blue">{m}</Tag>
          ))}
        </div>
      ),
    },
    {
      key: 'counts',
      title: texts.counts,
      width: 120,
      align: 'right',
      render: (_, row) => (
        <>
          {row.numberOfSeries} <span className="quiet">/</span> {row.numberOfInstances}
        </>
      ),
    },
    {
      key: 'accession',
      title: texts.accession,
      width: '14%',
      render: (_, row) => <div className="one-line" title={row.accessionNumber}>{row.accessionNumber}</div>,
    },
  ];
}

interface Props {
  readonly rows: readonly StudyRow[];
  readonly active: number;
  readonly order: 'newest' | 'oldest';
  readonly loading: boolean;
  readonly filtered: boolean;
  readonly onActivate: (index: number) => void;
  readonly onOpen: (row: StudyRow) => void;
  readonly onOrder: (order: 'newest' | 'oldest') => void;
}

export function StudyTable({ rows, active, order, loading, filtered, onActivate, onOpen, onOrder }: Props): ReactNode {
  const texts = useTexts();
  const { token } = theme.useToken();
  const columns = useMemo(() => columnsOf(texts, order), [texts, order]);
  return (
    <Table<StudyRow>
      style={{ ['--trefoil-active' as string]: token.controlItemBgActive, ['--trefoil-accent' as string]: token.colorPrimary }}
      size="small"
      tableLayout="fixed"
      sticky
      rowKey="key"
      columns={columns}
      dataSource={[...rows]}
      loading={loading}
      pagination={false}
      scroll={{ x: 1080 }}
      rowClassName={(_, index) => (index === active ? 'active' : '')}
      onRow={(row, index = 0) => ({
        onClick: () => {
          onActivate(index);
          onOpen(row);
        },
        'aria-selected': index === active,
        'data-study': row.studyInstanceUid,
        title: texts.openHint,
      })}
      onChange={(_, __, sorter) => {
        if (!Array.isArray(sorter)) onOrder(sorter.order === 'ascend' ? 'oldest' : 'newest');
      }}
      locale={{
        emptyText: loading ? (
          <div className="center" />
        ) : (
          <div className="center">
            <Empty
              image={Empty.PRESENTED_IMAGE_SIMPLE}
              description={
                <>
                  <div>{filtered ? texts.noMatch : texts.noStudies}</div>
                  <div className="small quiet">{filtered ? texts.noMatchHint : texts.noStudiesHint}</div>
                </>
              }
            />
          </div>
        ),
      }}
    />
  );
}
