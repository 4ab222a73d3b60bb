/** `releve submit DIR`: sends DICOM files to the running system and says what became of each. */
import { Fault } from "@releve/domain/fault";
import { localTarget, sendStudy } from "../demo/send-study.ts";
import { folderFiles } from "../demo/source-files.ts";
import { readRunFile } from "../start/run-file.ts";

/** @returns 0 when every file was accepted. */
export async function submit(args: {
  readonly folder: string;
  readonly data: string;
  readonly json?: boolean | undefined;
}): Promise<number> {
  const run = readRunFile(args.data);
  if (!run) throw new Fault("NOT_RUNNING", "nothing was started here: run npm start first", "later");
  const sent = await sendStudy(
    { ...localTarget(run.dimse.port, "SUBMIT"), host: run.dimse.host },
    await folderFiles(args.folder),
    () => {},
  );
  const refused = sent.filter((file) => file.outcome === "refused");
  if (args.json) process.stdout.write(`${JSON.stringify(sent, undefined, 2)}\n`);
  else {
    for (const { file, reason } of refused) process.stdout.write(`refused: ${file}: ${reason}\n`);
    process.stdout.write(`${sent.length - refused.length} of ${sent.length} files were accepted\n`);
  }
  return refused.length === 0 ? 0 : 1;
}
