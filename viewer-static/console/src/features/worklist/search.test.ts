import { describe, expect, it } from 'vitest';
import { escapeValue, fieldsFor, parametersOf, type StudyFilter } from './search';

const all: StudyFilter = { text: '', field: 'any', modalities: [], from: undefined, to: undefined, order: 'newest', page: 1, pageSize: 25 };

describe('fieldsFor', () => {
  it('should take Chinese text for a name only', () => {
    expect(fieldsFor('王', 'any')).toEqual(['name']);
    expect(fieldsFor('王2', 'any')).toEqual(['name']);
  });

  it('should try identifiers first when there are digits', () => {
    expect(fieldsFor('P0001', 'any')[0]).toBe('patientId');
    expect(fieldsFor('zhang', 'any')[0]).toBe('name');
  });

  it('should obey a chosen field', () => {
    expect(fieldsFor('王', 'accession')).toEqual(['accession']);
  });
});

describe('parametersOf', () => {
  it('should ask for newest studies with their patients', () => {
    expect(parametersOf(all, 'name').toString()).toBe('_sort=-started&_include=ImagingStudy%3Asubject&_count=25&_offset=0&_total=accurate');
  });

  it('should page, filter and sort', () => {
    const parameters = parametersOf({ ...all, text: ' 张 三 ', modalities: ['CT', 'MR'], from: '2026-11-01', to: '2026-11-23', order: 'oldest', page: 3 }, 'name');
    expect(parameters.getAll('patient.name')).toEqual(['张', '三']);
    expect(parameters.get('modality')).toBe('CT,MR');
    expect(parameters.getAll('started')).toEqual(['ge2026-11-01', 'le2026-11-23']);
    expect(parameters.get('_offset')).toBe('50');
    expect(parameters.get('_sort')).toBe('started');
  });

  it('should keep separators in a value from splitting it', () => {
    expect(escapeValue('a,b|c$d\\e')).toBe('a\\,b\\|c\\$d\\\\e');
    expect(parametersOf({ ...all, text: 'A,1' }, 'accession').get('identifier')).toBe('A\\,1');
  });
});
