import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, type ReactNode } from 'react';
import { call } from '../../api/http';
import type { StudyRow } from './study';

/** Kinds of objects that have no picture to show small. */
const withoutPicture = new Set(['ECG', 'DOC', 'SR', 'PR', 'KO', 'SEG', 'RTSTRUCT', 'RTPLAN', 'RTDOSE', 'PLAN', 'REG', 'AU']);

async function thumbnail(studyInstanceUid: string, signal: AbortSignal): Promise<Blob> {
  const response = await call(`/dicom-web/studies/${studyInstanceUid}/thumbnail?viewport=96%2C96`, {
    headers: { Accept: 'image/jpeg' },
    signal,
  });
  return response.blob();
}

/** A small picture of a study; its modality where there is none. */
export function Thumbnail({ row }: { row: StudyRow }): ReactNode {
  const uid = row.studyInstanceUid;
  const picture = row.modalities.length === 0 || row.modalities.some(m => !withoutPicture.has(m));
  const { data } = useQuery({
    queryKey: ['thumbnail', uid],
    queryFn: ({ signal }) => thumbnail(uid ?? '', signal),
    enabled: uid !== undefined && picture,
    staleTime: Infinity,
    retry: false,
    meta: { quiet: true },
  });
  const url = useMemo(() => (data ? URL.createObjectURL(data) : undefined), [data]);
  useEffect(() => () => {
    if (url !== undefined) URL.revokeObjectURL(url);
  }, [url]);
  return <span className="thumb">{url === undefined ? (row.modalities[0] ?? '') : <img src={url} alt="" draggable={false} />}</span>;
}
