import type { TraceEvent, TraceSink } from '../event.ts';
import { TELLERS } from './pretty-events.ts';
import { address, membersText } from './pretty-values.ts';

export interface PrettyOptions {
  /** Takes one line, without a line feed. */
  readonly write: (line: string) => void;
  /** Colours as terminals have them. Default: none. */
  readonly colour?: boolean;
}

const SGR = { bold: 1, dim: 2, red: 31, green: 32 } as const;
type Paint = (style: keyof typeof SGR, text: string) => string;

/** Where the identifiers of conditions end, and inputs begin. */
const NAME_WIDTH = 20;

/**
 * A sink for people: each command as a block of its conditions, its changes and its result, everything else as a line.
 *
 * ```
 * RMI_REALM_ACTIVATE   rd = 0x8840_4000   RMM 1.0 B4.3.8
 *   · rd_align         passed
 *   × realm_state      the Realm is not NEW
 *   nothing changed    → RMI_ERROR_REALM
 * ```
 */
export const prettySink = ({ write, colour = false }: PrettyOptions): TraceSink => {
  const paint: Paint = colour ? (style, text) => `\u001b[${SGR[style]}m${text}\u001b[0m` : (_, text) => text;
  /** The command whose block is open, and how many changes it has told. */
  let open: { changes: number } | undefined;
  /** An SMC that no command has answered yet. */
  let asked: Extract<TraceEvent, { type: 'smc.call' }> | undefined;

  return (event) => {
    switch (event.type) {
      case 'smc.call':
        asked = event;
        return;
      case 'smc.return':
        if (asked !== undefined) {
          const [fid = 0n] = asked.x;
          write(`SMC ${address(BigInt(fid))} of the ${asked.caller} → ${address(BigInt(event.x[0] ?? 0n))}`);
        }
        asked = undefined;
        return;
      case 'command.enter': {
        asked = undefined;
        open = { changes: 0 };
        const inputs = membersText(event.inputs);
        write(
          [paint('bold', event.command.padEnd(NAME_WIDTH)), inputs, paint('dim', event.spec)]
            .filter((part) => part !== '')
            .join(' '.repeat(3)),
        );
        return;
      }
      case 'command.check': {
        const id = event.id.padEnd(NAME_WIDTH - 4);
        write(event.failed ? paint('red', `  × ${id} ${event.says}`) : paint('dim', `  · ${id} passed`));
        return;
      }
      case 'command.return': {
        const changed = open === undefined || open.changes > 0 || event.failed === undefined;
        const outputs = Object.keys(event.outputs).length === 0 ? '' : `   ${membersText(event.outputs)}`;
        const result = `→ ${event.result}${outputs}`;
        const said = changed ? '' : 'nothing changed'.padEnd(NAME_WIDTH - 1);
        write(paint(event.failed === undefined ? 'green' : 'red', `  ${said}${result}`));
        open = undefined;
        return;
      }
      default: {
        const { changes, tell } = TELLERS[event.type];
        const line = tell(event as never);
        if (line === undefined) return;
        if (open !== undefined && changes) open.changes += 1;
        write(open === undefined ? line : `  ${changes ? '+' : ' '} ${line}`);
      }
    }
  };
};
