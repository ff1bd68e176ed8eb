/** A component as the usual names of build outputs tell it, in the slot that the sets of swcca have it in. */
export interface Guess {
  readonly slot: number;
  readonly type: string;
  readonly lock: boolean;
}

interface Pattern extends Guess {
  /** Of the path below the folder, in lower case and without its ending. */
  readonly name: RegExp;
}

const known = (slot: number, type: string, name: RegExp, lock = false): Pattern => ({ slot, type, lock, name });

/** The first that fits counts. */
const PATTERNS: readonly Pattern[] = [
  known(0, 'RSE_BL1_2', /(^|\/)(rse_|tfm_)?bl1_2(_signed|_encrypted)?$/, true),
  known(
    1,
    'RSE_BL2',
    /(^|\/)(rse|tfm)_bl2(_signed|_encrypted)?$|(^|\/)(rse|tf-?m)\/(.*\/)?bl2(_signed|_encrypted)?$/,
    true,
  ),
  known(2, 'RSE_S', /(^|\/)(tfm_s|rse_s|tfm_s_ns)(_signed|_encrypted)?$/),
  known(3, 'AP_BL1', /(^|\/)(ap_)?bl1$/),
  known(4, 'SCP_BL1', /(^|\/)(scp_bl1|scp_romfw|mcp_romfw)$/),
  known(5, 'SCP_BL2', /(^|\/)(scp_bl2|scp_ramfw)$/),
  known(9, 'TB_FW_CONFIG', /tb_fw_config$/),
  known(13, 'SOC_FW_CONFIG', /soc_fw_config$/),
  known(8, 'FW_CONFIG', /fw_config$/),
  known(10, 'AP_BL2', /(^|\/)(ap_)?bl2$/),
  known(11, 'AP_BL31', /(^|\/)(ap_)?bl31$/),
  known(12, 'HW_CONFIG', /hw_config$/),
  known(14, 'RMM', /(^|\/)(tf-?)?rmm$/),
];

const ENDING = /\.(bin|img|elf|dtb|signed)$/;

/** What a file of a build is, by its path below the folder; undefined for what is no firmware that is measured. */
export const guessComponent = (path: string): Guess | undefined => {
  const lower = path.toLowerCase();
  if (!ENDING.test(lower)) return undefined;
  const found = PATTERNS.find(({ name }) => name.test(lower.replace(ENDING, '')));
  return found && { slot: found.slot, type: found.type, lock: found.lock };
};
