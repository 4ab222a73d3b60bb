/** The acceptor's answer to an A-ASSOCIATE-RQ, decided purely. */
import type { ContextAnswer } from "./accept-context.ts";
import { ownUserInformation } from "./own-identity.ts";
import { dicomApplicationContext, type AssociateAccept, type AssociateRequest } from "./pdu.ts";
import type { RejectionReason } from "./reasons.ts";

export type AcceptContext = (abstractSyntax: string, transferSyntaxes: readonly string[]) => ContextAnswer;
export type AcceptedContext = { readonly abstractSyntax: string; readonly transferSyntaxUid: string };

const contextResult = { "abstract-syntax": 3, "transfer-syntaxes": 4 } as const;
/** PS3.5 table 6.2-1, AE: the default repertoire without control characters and backslash; not only spaces. */
const aeTitlePattern = /^[ -[\]-~]{1,16}$/;

/** What is wrong whoever asks, before anybody looks at the lists. */
export function rejectionOf(request: AssociateRequest): RejectionReason | undefined {
  if ((request.protocolVersion & 1) === 0) return "protocol-version-not-supported";
  if (request.applicationContext !== dicomApplicationContext) return "application-context-name-not-supported";
  if (!aeTitlePattern.test(request.callingAeTitle)) return "calling-ae-title-not-recognized";
  if (!aeTitlePattern.test(request.calledAeTitle)) return "called-ae-title-not-recognized";
  return undefined;
}

/** An association with no accepted context is still accepted: its contexts say why (PS3.8 section 7.1.1.13). */
export function negotiate(
  request: AssociateRequest,
  acceptContext: AcceptContext,
  maxPduBytes: number,
): { readonly accept: AssociateAccept; readonly contexts: ReadonlyMap<number, AcceptedContext> } {
  const contexts = new Map<number, AcceptedContext>();
  const answered = request.contexts.map(({ id, abstractSyntax, transferSyntaxes }) => {
    const answer = acceptContext(abstractSyntax, transferSyntaxes);
    if ("unsupported" in answer) {
      return { id, result: contextResult[answer.unsupported], transferSyntax: transferSyntaxes[0]! };
    }
    contexts.set(id, { abstractSyntax, transferSyntaxUid: answer.transferSyntax });
    return { id, result: 0, transferSyntax: answer.transferSyntax };
  });
  const { calledAeTitle, callingAeTitle } = request;
  return {
    accept: {
      kind: "associate-accept",
      protocolVersion: 1,
      calledAeTitle,
      callingAeTitle,
      applicationContext: dicomApplicationContext,
      contexts: answered,
      user: ownUserInformation(maxPduBytes),
    },
    contexts,
  };
}
