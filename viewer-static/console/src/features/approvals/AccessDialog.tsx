import { Alert, DatePicker, Form, Input, InputNumber, Modal, Segmented, Select } from 'antd';
import type dayjs from 'dayjs';
import { useState, type ReactNode } from 'react';
import { operate, valueOf } from '../../api/fhir';
import { CallError } from '../../api/problem';
import { usePreferences } from '../../i18n/preferences';
import { base, dataTypes, nameOf, purposes } from '../policies/vocabulary';
import { useApprovalTexts } from './texts';

export type Wish = 'request' | 'emergency';

interface Values {
  readonly identifier: string;
  readonly name?: string;
  readonly birthDate?: dayjs.Dayjs;
  readonly reason: string;
  readonly purpose: string;
  readonly hours?: number;
  readonly dataTypes?: string[];
}

interface Props {
  readonly wish: Wish | undefined;
  readonly onClose: () => void;
  /** A request was taken in; its number. */
  readonly onRequested: (request: string) => void;
  /** Access is open to this patient. */
  readonly onTaken: (patient: string) => void;
}

const offered: readonly string[] = ['report', 'image', 'lab', 'order', 'status', 'waveform', 'critical', 'appointment'];

/** Asks for a patient whom one cannot see: by the whole number and, to check it, the name or the birth date. */
export function AccessDialog({ wish, onClose, onRequested, onTaken }: Props): ReactNode {
  return wish === undefined ? null : <AccessForm key={wish} wish={wish} onClose={onClose} onRequested={onRequested} onTaken={onTaken} />;
}

function AccessForm({ wish, onClose, onRequested, onTaken }: Props & { readonly wish: Wish }): ReactNode {
  const texts = useApprovalTexts();
  const { language } = usePreferences();
  const [form] = Form.useForm<Values>();
  const [by, setBy] = useState<'name' | 'birthDate'>('name');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Error>();
  const emergency = wish === 'emergency';

  const send = async (values: Values): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    const parameters: fhir4.ParametersParameter[] = [
      { name: 'identifier', valueIdentifier: { system: `${base}/sid/patient-id`, value: values.identifier.trim() } },
      by === 'name'
        ? { name: 'name', valueString: (values.name ?? '').trim() }
        : { name: 'birthDate', valueDate: values.birthDate?.format('YYYY-MM-DD') ?? '' },
      { name: 'reason', valueString: values.reason.trim() },
      { name: 'purpose', valueCode: values.purpose },
      ...(emergency ? [] : [{ name: 'hours', valueInteger: values.hours ?? 24 }]),
      ...(emergency ? [] : (values.dataTypes ?? []).map(valueCode => ({ name: 'data-type', valueCode }))),
    ];
    try {
      const { parameter } = await operate(emergency ? 'Patient/$break-glass' : 'Patient/$request-access', parameters);
      if (emergency) onTaken(valueOf(parameter, 'patient') ?? '');
      else onRequested(valueOf(parameter, 'request') ?? '');
      onClose();
    } catch (error) {
      setFailure(error instanceof Error ? error : new Error(String(error)));
      setBusy(false);
    }
  };
  const failed = failure instanceof CallError ? (failure.status === 404 ? texts.absent : failure.status === 429 ? texts.tooMany : failure.message) : failure?.message;
  const chosen = emergency ? ['ETREAT', 'BTG'] : ['TREAT', 'ETREAT', 'HRESCH', 'HOPERAT', 'PUBHLTH'];
  return (
    <Modal
      open
      title={emergency ? texts.emergencyTitle : texts.requestTitle}
      onCancel={onClose}
      onOk={() => form.submit()}
      okText={emergency ? texts.take : texts.send}
      cancelText={texts.cancel}
      okButtonProps={{ danger: emergency, loading: busy }}
      width={560}
      style={{ top: 24 }}
      destroyOnHidden
    >
      <Alert type={emergency ? 'warning' : 'info'} showIcon title={emergency ? texts.emergencyHelp : texts.requestHelp} className="dialog-note" />
      <Form<Values>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ purpose: emergency ? 'ETREAT' : 'TREAT', hours: 24, dataTypes: [] }}
        onFinish={values => void send(values)}
        autoComplete="off"
      >
        <Form.Item name="identifier" label={texts.identifier} rules={[{ required: true, whitespace: true, message: texts.needIdentifier }]}>
          <Input placeholder={texts.identifierPlaceholder} autoFocus />
        </Form.Item>
        <Form.Item label={texts.by}>
          <Segmented<'name' | 'birthDate'>
            value={by}
            onChange={setBy}
            options={[{ value: 'name', label: texts.byName }, { value: 'birthDate', label: texts.byBirth }]}
          />
        </Form.Item>
        {by === 'name' ? (
          <Form.Item name="name" label={texts.byName} rules={[{ required: true, whitespace: true, message: texts.needName }]}>
            <Input placeholder={texts.namePlaceholder} />
          </Form.Item>
        ) : (
          <Form.Item name="birthDate" label={texts.byBirth} rules={[{ required: true, message: texts.needBirth }]}>
            <DatePicker style={{ width: '100%' }} />
          </Form.Item>
        )}
        <Form.Item
          name="reason"
          label={texts.why}
          rules={[
            { required: true, whitespace: true, message: texts.needWhy },
            ...(emergency ? [{ min: 10, message: texts.needLongWhy }] : []),
          ]}
        >
          <Input.TextArea rows={2} maxLength={400} placeholder={emergency ? texts.whyEmergencyPlaceholder : texts.whyPlaceholder} />
        </Form.Item>
        <div className="fields">
          <Form.Item name="purpose" label={texts.purpose}>
            <Select options={chosen.map(value => ({ value, label: nameOf(purposes, value, language) }))} />
          </Form.Item>
          {!emergency && (
            <Form.Item name="hours" label={texts.wantedHours}>
              <InputNumber min={1} max={72} precision={0} style={{ width: '100%' }} />
            </Form.Item>
          )}
        </div>
        {!emergency && (
          <Form.Item name="dataTypes" label={texts.dataTypes}>
            <Select mode="multiple" placeholder={texts.allData} options={offered.map(value => ({ value, label: nameOf(dataTypes, value, language) }))} />
          </Form.Item>
        )}
      </Form>
      {failed !== undefined && <Alert type="error" showIcon title={failed} data-testid="access-failed" />}
    </Modal>
  );
}
