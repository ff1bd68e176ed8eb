export interface TablePeer {
  readonly name: string;
  readonly title: string;
  readonly command: readonly string[];
}
type Prepared = { readonly ready: true; readonly command: readonly string[] } | { readonly ready: false };

export function firmwareVerdicts(options: {
  readonly cli: string;
  readonly directory: string;
  readonly peers: readonly TablePeer[];
}): string;
export function tablePeers(
  participants: { readonly goCcatoken: Prepared; readonly rustCcatoken: Prepared },
  titles: Readonly<Record<'goCcatoken' | 'rustCcatoken' | 'rustCose', string>>,
): readonly TablePeer[];
export function pageFile(root: string): string;
export function readPage(root: string): string;
export function writePage(root: string, text: string): void;
