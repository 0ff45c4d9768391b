import { Alert } from 'antd';
import { useEffect, useState, type ReactNode } from 'react';
import type { PatientGrant } from '../worklist/search';
import { minuteText } from '../../components/time';
import { useApprovalTexts } from './texts';

/** Says, as long as it lasts, that a patient is seen by emergency access or by an approval. */
export function GrantBanner({ grants }: { grants: readonly PatientGrant[] }): ReactNode {
  const texts = useApprovalTexts();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 20_000);
    return () => clearInterval(timer);
  }, []);
  return grants
    .filter(grant => Date.parse(grant.until) > now)
    .map(grant => (
      <Alert
        key={`${grant.patient} ${grant.kind}`}
        className="grant-banner"
        data-testid="grant-banner"
        type={grant.kind === 'break-glass' ? 'error' : 'warning'}
        showIcon
        banner
        title={
          <span>
            <span className="strong">{grant.kind === 'break-glass' ? texts.bannerEmergency : texts.bannerApproved}</span>
            {'　'}{grant.patientName}（{grant.patientId}）{'　'}
            {texts.remaining(Math.max(1, Math.ceil((Date.parse(grant.until) - now) / 60_000)))} · {texts.until} {minuteText(grant.until)}
            {'　'}<span className="small">{grant.kind === 'break-glass' ? texts.bannerText : texts.bannerApprovedText}</span>
          </span>
        }
      />
    ));
}
