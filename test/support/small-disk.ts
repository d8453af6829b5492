import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk so small that it can be filled, in memory. Only those may mount one who are root, or become it without a password. */
export class SmallDisk {
  readonly folder: string;
  readonly #asRoot: readonly string[];

  private constructor(folder: string, asRoot: readonly string[]) {
    this.folder = folder;
    this.#asRoot = asRoot;
  }

  /** @returns `undefined` where none may be mounted. */
  static mount(megabytes: number): SmallDisk | undefined {
    const folder = mkdtempSync(join(tmpdir(), 'policy-desk-disk-'));
    for (const asRoot of process.getuid?.() === 0 ? [[]] : [['sudo', '-n']]) {
      const disk = new SmallDisk(folder, asRoot);
      if (disk.#run('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m,mode=1777`, 'tmpfs', folder)) return disk;
    }
    rmdirSync(folder);
    return undefined;
  }

  get #filler(): string {
    return join(this.folder, 'filler');
  }

  /** Leaves no byte free. */
  fill(): void {
    try {
      for (;;) writeFileSync(this.#filler, Buffer.alloc(4096), { flag: 'a' });
    } catch {
      // It is full.
    }
  }

  /** Gives back the room that {@link fill} has taken. */
  makeRoom(): void {
    rmSync(this.#filler, { force: true });
  }

  unmount(): void {
    this.#run('umount', '-l', this.folder);
    rmdirSync(this.folder);
  }

  #run(...command: readonly string[]): boolean {
    const [program = '', ...args] = [...this.#asRoot, ...command];
    return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
  }
}
