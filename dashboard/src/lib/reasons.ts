/** What the reasons mean for which events were refused, or taken with a warning. */
export interface ReasonWords {
  title: string;
  what: string;
  todo: string;
}

const words: Record<string, ReasonWords> = {
  invalid: {
    title: "Not valid",
    what: "A field was missing, wrong or too large; the answer named it.",
    todo: "Look at the answer's errors in your app's log.",
  },
  malformed: {
    title: "Not readable",
    what: "The body was no JSON, was cut off, or its compression was broken.",
    todo: "Send whole JSON in UTF-8, and the Content-Encoding that it really has.",
  },
  "too-large": {
    title: "Too large",
    what: "The body was larger than a request may be, packed or unpacked.",
    todo: "Send smaller batches.",
  },
  "media-type": {
    title: "Wrong media type",
    what: "The Content-Type or the Content-Encoding is none that this door takes.",
    todo: "Send application/json, plain or packed with gzip, br or zstd.",
  },
  "rate-limited": {
    title: "Too often",
    what: "The key or the address sent more requests than it may in a minute.",
    todo: "Send batches, and wait as Retry-After says.",
  },
  "quota-exceeded": {
    title: "Quota used up",
    what: "The month's events of the organisation's plan were used up.",
    todo: "Choose a larger plan, or wait for the next month.",
  },
  "schema-violation": {
    title: "Does not fit its schema",
    what: "The event's name has a schema in mode reject, and its properties do not fit it.",
    todo: "Mend the sender, or the schema under Settings.",
  },
  "schema-warning": {
    title: "Does not fit its schema",
    what: "The event's name has a schema in mode warn; the event was stored all the same.",
    todo: "Mend the sender, or the schema under Settings.",
  },
  origin: {
    title: "From another origin",
    what: "A page sent it that is not on the key's list of origins, or on none of the site's domains.",
    todo: "Add the origin to the key, or the domain to the project, if the page is yours.",
  },
  domain: {
    title: "A page of another site",
    what: "The url of the visit is on none of the project's domains.",
    todo: "Add the domain to the project if the page is yours.",
  },
  blocked: {
    title: "Blocked sender",
    what: "The sender's address or user agent is on the project's block list.",
    todo: "Nothing, if that is what you want; the list is under Settings.",
  },
  forbidden: {
    title: "Not allowed",
    what: "The credentials are good, and not for this.",
    todo: "Look at the answer's words in your app's log.",
  },
  unstorable: {
    title: "Accepted, and not storable",
    what: "The event was accepted, and the event store did not take it. It is kept, with the reason.",
    todo: "Tell whoever runs this server: it can be looked at and tried again.",
  },
  unavailable: {
    title: "Server could not keep it",
    what: "The disk or the queue was full. The sender was told to send it again.",
    todo: "Tell whoever runs this server.",
  },
};

/** The words for a reason; one that this page does not know yet is shown by its own. */
export function reasonWords(reason: string): ReasonWords {
  const known = Object.hasOwn(words, reason) ? words[reason] : undefined;
  return known ?? { title: reason, what: "The answer said why.", todo: "Look at it in your app's log." };
}
