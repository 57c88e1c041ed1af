export interface Run {
  readonly text: string;
  readonly style: string;
}
export interface Line {
  readonly at: number;
  readonly runs: readonly Run[];
}
export class Screen {
  constructor(columns: number);
  write(text: string, at: number): void;
  lines(): Line[];
}
