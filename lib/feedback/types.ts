/** Where a correction of an answer would become a row; null where it cannot: its rows have another form than question and answer. */
export type CorrectionPlace = { datanetSlug: string; datanetTitle: string; license: string } | null;

export type RatedAnswer = { verdict: 'good' | 'bad'; place: CorrectionPlace };
