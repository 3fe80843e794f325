import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const ROOT = dirname(import.meta.dirname);

type Import = {
  /** A path from the project's root, or a package's name with its subpath. */
  readonly target: string;
  readonly isRelative: boolean;
  /** Names that exist for the compiler only. */
  readonly isTypeOnly: boolean;
};

const moduleOf = (node: ts.Node): ts.Expression | undefined => {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (!ts.isCallExpression(node)) return undefined;
  const isRequire = ts.isIdentifier(node.expression) && node.expression.text === "require";
  return isRequire || node.expression.kind === ts.SyntaxKind.ImportKeyword ? node.arguments[0] : undefined;
};

const isTypeOnly = (node: ts.Node): boolean =>
  (ts.isImportDeclaration(node) && node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword) ||
  (ts.isExportDeclaration(node) && node.isTypeOnly);

const nodesOf = (path: string, source: string): readonly ts.Node[] => {
  const nodes: ts.Node[] = [];
  const collect = (node: ts.Node): void => {
    nodes.push(node);
    ts.forEachChild(node, collect);
  };
  collect(ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true));
  return nodes;
};

/** Every import, export from, import() and require() of a file. */
const importsIn = (path: string, source: string): readonly Import[] =>
  nodesOf(path, source).flatMap((node) => {
    const module = moduleOf(node);
    if (module === undefined) return [];
    if (!ts.isStringLiteralLike(module))
      throw new Error(`${path} imports what cannot be told: ${module.getText()}`);
    const isRelative = module.text.startsWith(".");
    const target = isRelative ? normalize(join(dirname(path), module.text)) : module.text;
    return [{ target, isRelative, isTypeOnly: isTypeOnly(node) }];
  });

/** Members of the world outside: the process, the clock, chance. */
const outsideIn = (path: string, source: string): readonly string[] =>
  nodesOf(path, source).flatMap((node) => {
    if (ts.isNewExpression(node) && node.expression.getText() === "Date" && !node.arguments?.length) {
      return ["new Date()"];
    }
    if (ts.isPropertyAccessExpression(node)) {
      const text = node.getText();
      return ["Date.now", "Math.random"].includes(text) ? [text] : [];
    }
    const names = ["process", "performance", "crypto", "globalThis", "fetch", "setTimeout", "console"];
    const isName =
      ts.isIdentifier(node) && !ts.isPropertyAccessExpression(node.parent) && names.includes(node.text);
    const isObject =
      ts.isIdentifier(node) &&
      ts.isPropertyAccessExpression(node.parent) &&
      node.parent.expression === node &&
      names.includes(node.text);
    return isName || isObject ? [node.text] : [];
  });

/** Ways to the terminal. */
const waysOutIn = (path: string, source: string): readonly string[] =>
  nodesOf(path, source).flatMap((node) => {
    if (ts.isPropertyAccessExpression(node)) {
      return /^process\.(stdout|stderr)$/.test(node.getText()) ? [node.getText()] : [];
    }
    if (!ts.isIdentifier(node) || node.text !== "console") return [];
    const isProperty =
      (ts.isPropertyAccessExpression(node.parent) ||
        ts.isPropertyAssignment(node.parent) ||
        ts.isPropertySignature(node.parent)) &&
      node.parent.name === node;
    return isProperty ? [] : ["console"];
  });

const sourcesIn = (...patterns: readonly string[]): readonly string[] =>
  patterns.flatMap((pattern) => globSync(pattern, { cwd: ROOT })).sort();

const textOf = (path: string): string => readFileSync(join(ROOT, path), "utf8");

const importsOf = (path: string): readonly Import[] => importsIn(path, textOf(path));

/** Imports that a law forbids, as `file -> target`. */
const violations = (files: readonly string[], isAllowed: (imported: Import, file: string) => boolean) =>
  files.flatMap((file) =>
    importsOf(file)
      .filter((imported) => !isAllowed(imported, file))
      .map(({ target }) => `${file} -> ${target}`),
  );

const isIn = (folder: string, { target, isRelative }: Import): boolean =>
  isRelative && target.startsWith(`${folder}/`);

const ROOMS = ["infra", "handler", "policy"] as const;

/** Each adapter and the packages of its one vendor; thumbhash reads pixels alone, and only sharp has them. */
const VENDORS: Readonly<Record<string, readonly string[]>> = {
  "handler/adapters/dynamodb.ts": ["@aws-sdk/client-dynamodb", "@aws-sdk/util-dynamodb"],
  "handler/adapters/imaging-process.ts": [],
  "handler/adapters/library-versions.ts": [],
  "handler/adapters/log.ts": [
    "@aws-lambda-powertools/logger",
    "@aws-lambda-powertools/metrics",
    "@aws-lambda-powertools/tracer",
  ],
  "handler/adapters/s3.ts": ["@aws-sdk/client-s3"],
  "handler/adapters/sharp.ts": ["sharp", "thumbhash"],
  "handler/adapters/sns.ts": ["@aws-sdk/client-sns"],
  "handler/adapters/sqs.ts": ["@aws-sdk/client-sqs"],
};

const CORE = sourcesIn("handler/core/**/*.ts");
const PORTS = sourcesIn("handler/ports/*.ts");

/** What lies in handler/core itself, then its folders: each may import those before it. */
const CORE_ROOMS = [
  "handler/core",
  "handler/core/source",
  "handler/core/spec",
  "handler/core/plan",
  "handler/core/events",
  "handler/core/settings",
  "handler/core/record",
  "handler/core/notice",
  "handler/core/reprocess",
];

const roomOf = (file: string): string => file.split("/").slice(0, -1).slice(0, 3).join("/");
const ADAPTERS = sourcesIn("handler/adapters/**/*.ts");

/** The adapter that a file belongs to: `sharp.ts` for all that lies in the folder `sharp`. */
const adapterOf = (file: string): string => file.replace(/^(handler\/adapters\/[^/]+)\/.*$/, "$1.ts");

describe("the laws of import", () => {
  it("handler/core imports nothing but itself and zod", () => {
    expect(CORE.length).toBeGreaterThan(5);
    expect(
      violations(CORE, (imported) => isIn("handler/core", imported) || imported.target === "zod"),
    ).toEqual([]);
  });

  it("handler/core knows no process, no clock and no chance", () => {
    expect(CORE.flatMap((file) => outsideIn(file, textOf(file)).map((name) => `${file}: ${name}`))).toEqual(
      [],
    );
  });

  it("each room of handler/core imports only itself and the rooms before it", () => {
    const rooms = [...new Set(CORE.map(roomOf))];
    expect(rooms.toSorted()).toEqual([...CORE_ROOMS].sort());
    expect(
      violations(
        CORE,
        ({ target, isRelative }, file) =>
          !isRelative || CORE_ROOMS.indexOf(roomOf(target)) <= CORE_ROOMS.indexOf(roomOf(file)),
      ),
    ).toEqual([]);
  });

  it("handler/ports imports types of handler/core and of itself alone", () => {
    expect(PORTS.length).toBeGreaterThan(5);
    expect(
      violations(
        PORTS,
        (imported) =>
          imported.isTypeOnly && (isIn("handler/core", imported) || isIn("handler/ports", imported)),
      ),
    ).toEqual([]);
  });

  it("handler/app imports handler/core, itself and types alone", () => {
    const files = sourcesIn("handler/app/**/*.ts");
    expect(files.length).toBeGreaterThan(1);
    expect(
      violations(
        files,
        (imported) =>
          isIn("handler/core", imported) ||
          isIn("handler/app", imported) ||
          (imported.isTypeOnly && (isIn("handler/ports", imported) || imported.target === "aws-lambda")),
      ),
    ).toEqual([]);
  });

  it("each adapter imports one vendor, and of the handler only core, its own folder and the types of its ports", () => {
    expect(ADAPTERS.filter((file) => adapterOf(file) === file)).toEqual(Object.keys(VENDORS));
    expect(
      violations(
        ADAPTERS,
        (imported, file) =>
          isIn("handler/core", imported) ||
          isIn(adapterOf(file).replace(/\.ts$/, ""), imported) ||
          imported.target.startsWith("node:") ||
          (imported.isTypeOnly && isIn("handler/ports", imported)) ||
          VENDORS[adapterOf(file)]?.includes(imported.target) === true,
      ),
    ).toEqual([]);
  });

  it("the rooms infra, handler and policy never open into each other, but for the type HandlerEnvironment", () => {
    for (const room of ROOMS) {
      const others = ROOMS.filter((other) => other !== room);
      const files = sourcesIn(`${room}/**/*.ts`);
      expect(
        violations(
          files,
          (imported) =>
            !others.some((other) => isIn(other, imported)) ||
            (room === "infra" &&
              imported.isTypeOnly &&
              imported.target === "handler/core/settings/environment.ts"),
        ),
      ).toEqual([]);
    }
  });

  it("rooms import nothing above them", () => {
    for (const room of ROOMS) {
      const files = sourcesIn(`${room}/**/*.ts`);
      expect(
        violations(
          files,
          (imported) => !imported.isRelative || isIn(room, imported) || isIn("handler/core", imported),
        ),
      ).toEqual([]);
    }
  });

  it("operator imports handler/core, the AWS SDK, small packages and itself", () => {
    const files = sourcesIn("operator/**/*.ts");
    expect(files.length).toBeGreaterThan(10);
    const isPackage = ({ target, isRelative }: Import): boolean =>
      !isRelative && (/^(@aws-sdk\/|node:)/.test(target) || ["zod", "cli-progress"].includes(target));
    expect(
      violations(
        files,
        (imported) => isPackage(imported) || isIn("handler/core", imported) || isIn("operator", imported),
      ),
    ).toEqual([]);
  });

  it("page imports operator, the handler, the policy pack and itself", () => {
    const files = sourcesIn("page/**/*.{ts,tsx}");
    expect(files.length).toBeGreaterThan(50);
    const rooms = ["page", "operator", "handler", "policy"];
    expect(
      violations(files, (imported) => !imported.isRelative || rooms.some((room) => isIn(room, imported))),
    ).toEqual([]);
  });

  it("nothing imports local; page is imported by local alone, and operator by page and local", () => {
    const files = sourcesIn(
      "index.ts",
      "{operator,page}/**/*.{ts,tsx}",
      ...ROOMS.map((room) => `${room}/**/*.ts`),
    );
    expect(violations(files, (imported) => !isIn("local", imported))).toEqual([]);
    const belowPage = files.filter((file) => !file.startsWith("page/"));
    expect(violations(belowPage, (imported) => !isIn("page", imported))).toEqual([]);
    const belowOperator = belowPage.filter((file) => !file.startsWith("operator/"));
    expect(violations(belowOperator, (imported) => !isIn("operator", imported))).toEqual([]);
  });

  it(".github/bootstrap imports infra, Pulumi, zod and itself, and no room imports it", () => {
    const files = sourcesIn(".github/bootstrap/*.ts");
    expect(files.length).toBeGreaterThan(3);
    const isPackage = ({ target, isRelative }: Import): boolean =>
      !isRelative && (target === "zod" || /^(@pulumi\/|node:)/.test(target));
    expect(
      violations(
        files,
        (imported) => isPackage(imported) || isIn("infra", imported) || isIn(".github/bootstrap", imported),
      ),
    ).toEqual([]);
    const others = sourcesIn("index.ts", ...["operator", ...ROOMS].map((room) => `${room}/**/*.ts`));
    expect(violations(others, (imported) => !isIn(".github", imported))).toEqual([]);
  });

  it("nothing that runs in Lambda imports what packages it", () => {
    const files = [...CORE, ...ADAPTERS, ...PORTS, ...sourcesIn("handler/{app,entries}/**/*.ts")];
    expect(
      violations(
        files,
        (imported) => !isIn("handler/bundle", imported) && imported.target !== "handler/bundle.ts",
      ),
    ).toEqual([]);
  });

  it("the handler's environment is read in one place for each function", () => {
    const files = [...CORE, ...ADAPTERS, ...PORTS, ...sourcesIn("handler/{app,entries}/**/*.ts")];
    const readers = files.filter((file) => /\bprocess\.env\b/.test(textOf(file)));
    expect(readers).toEqual(["digest", "index", "reprocessor"].map((name) => `handler/entries/${name}.ts`));
  });
});

describe("the ways of strangers' text to people", () => {
  /** Files that may write to the terminal, and what they write to. */
  const WRITERS = {
    // It runs before any package is there, and prints texts of its own.
    "local/setup.mjs": ["console"],
    // A bar with numbers.
    "operator/cli/progress.ts": ["process.stderr"],
    // A question without anybody's text.
    "operator/cli/reprocess.ts": ["process.stderr"],
    "operator/output.ts": ["console"],
  };

  it("tools and the function print through operator/output.ts alone, which makes text plain", () => {
    const files = sourcesIn("index.ts", "{handler,infra,operator}/**/*.ts", "{local,page}/**/*.{ts,tsx,mjs}");
    const writers = files.flatMap((file) => {
      const ways = [...new Set(waysOutIn(file, textOf(file)))];
      return ways.length === 0 ? [] : [[file, ways] as const];
    });
    expect(Object.fromEntries(writers)).toEqual(WRITERS);
  });

  it("no tool escapes by a rule of its own", () => {
    const files = sourcesIn("{operator,local,page}/**/*.{ts,tsx}");
    expect(files.filter((file) => /\\p\{C[a-z]?\}|\\u\{?0*(?:1b|7f|9b|202|206)/i.test(textOf(file)))).toEqual(
      [],
    );
  });
});

describe("the reader of ways to the terminal", () => {
  it("finds the console and the standard streams, and nothing that only looks like them", () => {
    const source = `
      console.log(1); const { error } = console; x.console; ({ console: 1 }); process.stdout.write("a"); const to = process.stderr;
      logger.console; process.stdin; const o = { links: "console" };
    `;
    expect(waysOutIn("x.ts", source)).toEqual(["console", "console", "process.stdout", "process.stderr"]);
  });
});

describe("imports", () => {
  it("run in no circle, not even of types", () => {
    const files = sourcesIn("index.ts", "{handler,infra,policy,operator,page}/**/*.{ts,tsx}");
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(" -> "));
      if (done.has(file) || path.includes(file)) return;
      for (const { target, isRelative } of importsOf(file)) {
        if (isRelative && files.includes(target)) visit(target, [...path, file]);
      }
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });
});

describe("the reader of imports", () => {
  it("finds every way to import", () => {
    const source = `
      import a from "one";
      import type { B } from "./two.ts";
      import "three";
      export { c } from "../four.ts";
      export type { D } from "five";
      const e = await import("six");
      const f = require("seven/eight");
      // import g from "nine";
    `;
    expect(importsIn("handler/core/x.ts", source)).toEqual([
      { target: "one", isRelative: false, isTypeOnly: false },
      { target: "handler/core/two.ts", isRelative: true, isTypeOnly: true },
      { target: "three", isRelative: false, isTypeOnly: false },
      { target: "handler/four.ts", isRelative: true, isTypeOnly: false },
      { target: "five", isRelative: false, isTypeOnly: true },
      { target: "six", isRelative: false, isTypeOnly: false },
      { target: "seven/eight", isRelative: false, isTypeOnly: false },
    ]);
  });

  it("refuses an import whose target is worked out while it runs", () => {
    expect(() => importsIn("x.ts", "await import(name);")).toThrow("x.ts imports what cannot be told: name");
  });

  it("finds the process, the clock and chance, and nothing that only looks like them", () => {
    const source = `
      process.env.A; Date.now(); new Date(); Math.random(); performance.now(); globalThis.x;
      new Date(0); upload.process; const o = { date: Date }; Math.max(1);
    `;
    expect(outsideIn("x.ts", source)).toEqual([
      "process",
      "Date.now",
      "new Date()",
      "Math.random",
      "performance",
      "globalThis",
    ]);
  });
});

describe.each(["CONTRIBUTING.md", "docs/architecture.md"])("the paths in %s", (document) => {
  /** Paths from the project's root, in backticks: `handler/core/spec/operations.ts`, `policy/`. */
  const named = [
    ...textOf(document).matchAll(
      /`((?:\.github|docs|handler|infra|local|operator|page|policy|tests)\/[\w./-]*)`/g,
    ),
  ].map(([, path = ""]) => path);

  it("lead to files and folders that exist", () => {
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});
