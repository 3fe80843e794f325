/** What the server tells the page, as JSON. Times are ISO 8601 in UTC, sizes bytes, durations milliseconds. */

/** The stations of an upload, in order. */
export const STATIONS = ["uploaded", "queued", "processing", "stored", "recorded", "mailed"] as const;
export type Station = (typeof STATIONS)[number];

/** `skipped`: the upload never comes here, because it failed before. */
export type StationState = {
  readonly state: "waiting" | "active" | "done" | "failed" | "skipped";
  /** When it was reached, where that is known. */
  readonly at?: string | undefined;
};

/** A try that failed, after which the message went back to the queue. */
export type FailedTry = {
  readonly number: number;
  readonly of: number;
  readonly at: string;
  readonly reason: string;
  /** When the queue hands the message out again; none after the last try. */
  readonly againInMs?: number | undefined;
};

/** One upload on its way through the pipeline. */
export type Journey = {
  /** Version and key: two uploads of one key are two journeys. */
  readonly id: string;
  readonly key: string;
  readonly versionId?: string | undefined;
  readonly stations: Readonly<Record<Station, StationState>>;
  readonly outcome: "under way" | "processed" | "failed" | "dead" | "replaced";
  readonly tries: readonly FailedTry[];
  readonly asset?: AssetView | undefined;
};

export type RenditionView = {
  readonly name: string;
  readonly key: string;
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly sizeBytes: number;
  /** SHA-256 of the file, in hexadecimal; records from before it was kept have none. */
  readonly sha256?: string | undefined;
};

/** What lists and journeys show of an asset record. */
export type AssetView = {
  readonly key: string;
  readonly state: string;
  readonly uploadTime: string;
  readonly processedAt?: string | undefined;
  readonly notifiedAt?: string | undefined;
  readonly durationMs?: number | undefined;
  readonly attempts: number;
  readonly sizeBytes: number;
  readonly versionId?: string | undefined;
  readonly format?: string | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly pages?: number | undefined;
  readonly hasAlpha?: boolean | undefined;
  readonly reasonCode?: string | undefined;
  readonly reason?: string | undefined;
  /** What the last try failed on, while there is no outcome. */
  readonly lastErrorCode?: string | undefined;
  readonly lastError?: string | undefined;
  readonly dominantColour?: string | undefined;
  readonly placeholder?: string | undefined;
  readonly thumbHash?: string | undefined;
  /** The function's code and the libraries that the outcome was made with. */
  readonly madeWith?: { readonly code: string; readonly sharp: string; readonly libvips: string } | undefined;
  readonly renditions: readonly RenditionView[];
};

/** The pipeline that the page is about. */
export type TargetView = {
  readonly kind: "local" | "stack";
  /** `local`, or the stack's name. */
  readonly name: string;
  readonly region: string;
  readonly isReadOnly: boolean;
  readonly outputs: Readonly<Record<string, unknown>>;
};

export type MailView = {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly date: string;
  readonly body: string;
  /** Key of the original that it is about. */
  readonly key?: string | undefined;
};

/** Something that a file tells besides its pixels. */
export type MetadataView = {
  readonly group: "camera" | "place" | "time" | "person" | "colour" | "other";
  readonly name: string;
  readonly value: string;
};

/** Everything about one original, but for what has to be read from its file. */
export type AssetDetail = {
  readonly asset: AssetView;
  readonly journey: Journey;
  /** The record as it is. */
  readonly record: Readonly<Record<string, unknown>>;
  /** A picture element for each rendition spec. */
  readonly pictures: Readonly<Record<string, string>>;
};

/** What an original tells besides its pixels, and what its renditions still tell. */
export type MetadataComparison = {
  readonly original: readonly MetadataView[];
  readonly rendition: readonly MetadataView[];
};

/** A line of the function's log. */
export type LogLineView = Readonly<Record<string, unknown>> & {
  readonly level: string;
  readonly message: string;
  readonly timestamp: string;
};

export type AssetPage = {
  readonly assets: readonly AssetView[];
  /** Where the next page begins; none at the end. */
  readonly next?: string | undefined;
};

export type FailureView = {
  readonly key: string;
  readonly uploadTime: string;
  readonly reasonCode: string;
  readonly reason: string;
  readonly whatToDo: string;
};

/** An upload whose last try failed on what another one might not fail on. */
export type UnfinishedView = {
  readonly key: string;
  readonly uploadTime: string;
  readonly attempts: number;
  readonly errorCode: string;
  readonly error: string;
  readonly triedAt: string;
};

export type DeadLetterView = {
  readonly messageId: string;
  readonly keys: readonly string[];
  readonly sentAt?: string | undefined;
  readonly errors: readonly string[];
};

export type FailureLists = {
  readonly failed: readonly FailureView[];
  readonly unfinished: readonly UnfinishedView[];
  readonly deadLetters: readonly DeadLetterView[];
};

/** A rendition made for a try, with its file. */
export type TriedRendition = {
  readonly name: string;
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly sizeBytes: number;
  /** As a data URI. */
  readonly source: string;
};

export type TrialView = {
  readonly durationMs: number;
  readonly originalBytes: number;
  readonly renditions: readonly TriedRendition[];
};

export type ResourceView = {
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  readonly id: string;
};

export type AlarmView = {
  readonly name: string;
  readonly about: string;
  readonly state: string;
  readonly reason: string;
};

/** An action that the function's role is granted. */
export type GrantView = {
  readonly action: string;
  readonly resources: readonly string[];
  /** Only under these, as IAM writes them. */
  readonly conditions?: string | undefined;
  /** How often the function has called it; unknown where nobody counts. */
  readonly calls?: number | undefined;
  /** AWS does this in the role's name, beside the function's own calls. */
  readonly byAws?: string | undefined;
};

export type ControlView = {
  readonly id: string;
  readonly title: string;
  readonly severity: string;
  readonly level: string;
  readonly outcome: "compliant" | "violation" | "not judged";
  /** One sentence for each way in which it is broken. */
  readonly findings: readonly string[];
};

export type StackView = {
  readonly resources: readonly ResourceView[];
  readonly alarms: readonly AlarmView[];
  readonly role: string;
  readonly grants: readonly GrantView[];
  readonly controls: readonly ControlView[];
};

/** What the server sends by itself, each as an event of its own name. */
export type PageEvents = {
  readonly hello: {
    readonly target: TargetView;
    readonly journeys: readonly Journey[];
    readonly mails: readonly MailView[];
  };
  readonly journey: Journey;
  readonly mail: MailView;
};
