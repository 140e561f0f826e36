// biome-ignore-all lint/suspicious/noExplicitAny: what a schema or another program defines is not described again.
// The shapes that the kit's rooms hand each other. A *tier* is a way to serve the function; a *row* is a tier with its settings; a
// *measurement* is a row with its samples.
declare namespace Kit {
	/** What --tiers and the like name; a target has the origin of its server. */
	interface Selection {
		id: string;
		engine?: string | null;
		target?: string;
		/** It is skipped if it has to be built by a command of its own, and isn't. */
		isOptional?: boolean;
	}

	/** What rows differ in beside the tier and its engine: see results/dimensions.js. Null is what doesn't concern a row. */
	interface Settings {
		text: string;
		width: number | null;
		connections: number;
		node: string | null;
		processes: number;
		build: string | null;
		transport: string | null;
		batchSize: number;
		commit: string | null;
	}

	/** A dimension's id → the values to measure it with. */
	type Values = { [Id in keyof Settings]: NonNullable<Settings[Id]>[] };

	interface Cpus {
		generator: number[];
		/** Empty for a server that others have started. */
		server: number[];
		areShared: boolean;
	}

	/** How a host is started. */
	interface Launch {
		command: string;
		args: string[];
		env?: Record<string, string>;
		cwd?: string;
	}

	interface Request {
		method: string;
		target: string;
		contentType?: string;
		body?: Buffer;
	}

	/** How texts are put to a host, and their images read from its answers. */
	type Exchange = HttpExchange | GrpcExchange;

	interface HttpExchange {
		protocol: "http";
		request(texts: string[], parameters: Parameters): Request;
		/** The image of each text in an answer of status 200; throws a sentence if there are none. */
		read(answer: HttpAnswer): Buffer[];
	}

	interface GrpcExchange {
		protocol: "grpc";
		/** The path of the file that defines it. */
		protoFile: string;
		/** The method, such as /package.Service/Method. */
		path: string;
		message(texts: string[], parameters: Parameters): object;
		read(answer: any): Buffer[];
	}

	interface Row extends Settings {
		id: string;
		engine: string | null;
		name: string;
		/** The base tier a second time. */
		isAgain?: boolean;
		/** The origin of a server that runs already. */
		target?: string;
		cpus: Cpus;
		subject: Subject;
		exchange: Exchange;
		/** How its host is started; a target's never is. */
		launch(): Launch;
	}

	/** What a row is sent, and how. */
	type Sent = Pick<
		Row,
		"transport" | "batchSize" | "width" | "text" | "exchange"
	>;

	/** What may be a row: a tier with a value in every dimension. */
	type Combination = Settings & {
		id: string;
		engine: string | null;
		target?: string;
	};

	/** Makes a row of it in which a dimension that doesn't concern the tier is null, or says why there is none. */
	type Fit = (
		wanted: Combination,
	) =>
		| { row: Combination; reason?: undefined }
		| { row?: undefined; reason: string };

	/** A row as its subject makes it. */
	type RowOfSubject = Omit<Row, "name" | "subject" | "launch"> & {
		launch?(): Launch;
	};

	interface Skipped {
		id: string;
		reason: string;
	}

	/** The command line: see commands/options.js. */
	interface Options {
		tiers: Selection[];
		failOnRegression?: number;
		values: Values;
		target?: Selection[];
		tierDir?: string;
		isGiven(name: string): boolean;
		[name: string]: any;
	}

	/** What rows are to be made of. */
	interface Wanted {
		values: Values;
		engines: string[];
		nodePaths: Map<string, string>;
		other: Tree | null;
		signal: AbortSignal;
	}

	/** What is measured: it knows its rows and texts, starts hosts and tells right answers from wrong ones. */
	interface Subject {
		/** Null for the tiers of this repository. */
		name: string | null;
		/** Kind → texts. */
		texts: Map<string, string[]>;
		/** Packages of npm whose versions matter to its figures. */
		packages: string[];
		ceiling: Ceiling;
		rows(wanted: Wanted): Promise<{ rows: RowOfSubject[]; skipped: Skipped[] }>;
		start(
			row: Row,
			options?: { cpus?: number[]; signal?: AbortSignal },
		): Promise<Host>;
		/** Rejects with a sentence on the first answer that is wrong. */
		verify(verification: Verification): Promise<void>;
	}

	/** What the subjects that know our HTTP interface share. */
	type SharedByQr = Pick<Subject, "texts" | "packages" | "ceiling" | "verify">;

	/** A server that does next to nothing, to find out what load generators can drive. */
	interface Ceiling {
		row: Sent & Pick<Row, "id" | "cpus"> & { exchange: HttpExchange };
		texts: string[];
		start(options: { cpus?: number[]; signal?: AbortSignal }): Promise<Host>;
	}

	interface Verification {
		row: Row;
		host: Host;
		/** What the host says it uses. */
		engine: string | null;
		answers: AsyncIterable<Answer>;
		ask(texts: string[], parameters: Parameters): Promise<Buffer[]>;
		signal?: AbortSignal;
	}

	interface Answer {
		text: string;
		answer: Buffer;
		headers?: object;
	}

	/** Of a query, such as { width: 300 }. */
	type Parameters = Record<string, string | number | null | undefined>;

	/** A process, or a server that others have started, that answers. */
	interface Host {
		/** Null if others have started it. */
		pid: number | null;
		url: string;
		grpcAddress: string | null;
		/** What it says of itself. */
		details: string;
		startedAtMs: number;
		stop(): Promise<void>;
		/** Rejects, with its last output, if it has ended. */
		checkAlive(): Promise<void>;
	}

	interface Child {
		child: import("node:child_process").ChildProcessByStdio<
			null,
			import("node:stream").Readable,
			import("node:stream").Readable
		>;
		pid: number;
		hasEnded: boolean;
		/** Fulfils with a sentence on how it ended. */
		ended: Promise<string>;
		cleanUp?: () => void;
	}

	/** Another commit, built beside this one. */
	interface Tree {
		ref: string;
		commit: string;
		root: string;
		remove(): void;
	}

	/** Latency in µs → how often. */
	type Histogram = Map<number, number>;

	type Failures = Record<
		"connect" | "read" | "write" | "timeout" | "status",
		number
	>;

	interface HttpOptions {
		agent?: import("node:http").Agent;
		signal?: AbortSignal;
		timeoutMs?: number;
	}

	interface HttpAnswer {
		status: number;
		headers: import("node:http").IncomingHttpHeaders;
		body: Buffer;
	}

	/** A connection to a host, by the transport of a row. */
	interface Client {
		/** The answer to the last request, by gRPC. */
		lastAnswerNbytes?: number;
		lastHeaders?: object;
		fetchImages(texts: string[], parameters: Parameters): Promise<Buffer[]>;
		close(): void;
	}

	/** A command that puts load on a server and prints lines. */
	interface Generator {
		command: string;
		args: string[];
		durationSeconds: number;
		isLoadEnd(line: string): boolean;
		/** It gets SIGINT so many seconds after a line. */
		interrupt?: { after(line: string): boolean; seconds: number };
	}

	/** A request of an open loop, with times since the load began. */
	interface RequestRecord {
		dueMs: number;
		calledMs: number;
		sentMs: number;
		/** Null without an answer. */
		doneMs: number | null;
		status: number;
	}

	/** When requests of an open loop are due, in ms since the load began, in ascending order. */
	interface Schedule {
		schedule: Float64Array;
		durationSeconds: number;
	}

	/** Where and how long a generator runs. */
	interface GeneratorOptions {
		cpus?: number[];
		signal?: AbortSignal;
		onLoadEnd?: () => void;
	}

	/** What a closed loop gave. */
	interface Load {
		requests: number;
		seconds: number;
		bytes: number;
		bytesSent: number;
		failures: Failures;
		histogram: Histogram;
		/** Of one CPU. */
		generatorCpuShare: number;
		/** Those that aren't 200, if answers were looked at. */
		statuses?: StatusCount[];
	}

	/** So many answers of a status, and how the first of them begins. */
	interface StatusCount {
		status: number;
		count: number;
		text?: string;
	}

	type RunLoad = (
		host: Host,
		round: number,
		options: GeneratorOptions & {
			connections: number;
			durationSeconds: number;
			countsStatuses?: boolean;
		},
	) => Promise<Load>;

	/** A rate as --rates names it. */
	interface Rate {
		wanted: string;
		/** Of the row's own peak. */
		share?: number;
		perSecond?: number;
	}

	interface OpenLoadPool {
		fromDue: Histogram;
		fromSend: Histogram;
		lag: Histogram;
	}

	/** What an open loop gave; the histograms are those of estimate(). */
	interface OpenLoad extends OpenLoadPool {
		due: number;
		answered: number;
		good: number;
		sentPerSecond: number;
		failures: Failures;
		/** Status → answers; those that aren't 200. Not known over TLS. */
		statuses?: Map<number, number>;
		bytes: number;
		generatorCpuShare: number;
	}

	interface OpenLoopPoint {
		wanted: string;
		ratePerSecond: number;
		loads: OpenLoad[];
		pool: OpenLoadPool;
	}

	/** Bytes that the process of a round held. */
	interface RoundMemory {
		idle: number;
		peak: number;
		isLowerBound: boolean;
	}

	/** What a load gave, and the CPU time of its host; null of a server that others have started. */
	interface Loaded {
		load: Load;
		cpuSeconds: number | null;
		systemCpuSeconds: number | null;
	}

	/** What each round of a row is like. */
	interface RoundPlan {
		durationSeconds: number;
		warmUpSeconds: number;
	}

	/** What one round of a row gave. */
	interface Sample {
		round: number;
		/** When its load had ended, since the run began. */
		atSeconds?: number;
		seconds: number;
		requests: number;
		requestsPerSecond: number;
		imagesPerSecond: number;
		cpuMicrosPerRequest: number | null;
		cpuMicrosPerImage: number | null;
		cpuSystemShare: number | null;
		generatorCpuShare: number;
		foreignCpuShare: number;
		memory: RoundMemory | null;
		bytesReceived: number;
		bytesSent: number;
		failures: Failures;
	}

	interface Measurement {
		row: Row;
		engine: string | null;
		node: string | null;
		details: string;
		cpus: Cpus;
		durationSeconds: number;
		warmUpSeconds: number;
		meanImageBytes: number;
		startupMs: number[];
		/** Those that aren't 200, from a load after the first round that had some. */
		statuses?: StatusCount[];
		samples: Sample[];
		/** Rounds that were measured again, since others used the CPUs. */
		repeats: number;
		openLoop: OpenLoopPoint[];
		histogram: Histogram;
		problem: string | null;
	}

	/** What the generators can drive on this machine. */
	interface Calibration {
		server: string;
		connections: number;
		closedLoop: { requestsPerSecond: number; generatorCpuShare: number };
		openLoop: { requestsPerSecond: number | null } | null;
	}

	interface Machine {
		cpu: string;
		cores: number;
		memoryBytes: number;
		kernel: string;
		distribution: string | null;
		node: string;
		generators: string[];
		packages: string[];
		gitCommit: string | null;
	}

	interface RunSettings {
		command: string;
		engines: string[];
		cpuHourPrice: number | null;
		engineerDayPrice: number | null;
		/** Images a second that are wanted. */
		load: number | null;
		rounds: number | "auto";
		limitMinutes: number;
		durationSeconds: number;
		/** Load before each round. */
		warmUpSeconds: number;
		dimensions: Values;
		texts: { kind: string; count: number; meanBytes: number }[];
		tierDirectory: string | null;
		rates: Rate[] | null;
		/** How requests of the open loop come: see makeSchedule(). */
		arrivals?: string;
		against: { ref: string; commit: string } | null;
	}

	interface LeftOut extends Skipped {
		name: string;
		engine: string | null;
	}

	/** What a run has measured so far. */
	interface Results {
		directory: string;
		machine: Machine;
		settings: RunSettings;
		startedAt: Date;
		isComplete: boolean;
		roundsDone: number;
		calibration: Calibration | null;
		measurements: Measurement[];
		leftOut: LeftOut[];
		skipped: Skipped[];
	}

	/** What a run works with. */
	interface Context {
		directory: string;
		settings: RunSettings;
		texts: Map<string, string[]>;
		signal: AbortSignal;
		results: Results;
		progress: Progress;
		findRows(): Promise<{ rows: Row[]; skipped: Skipped[] }>;
		calibrate?(): Promise<Calibration>;
		/** How often a row is started to see how long that takes. */
		startsPerRow: number;
		/** Sentences on what makes this machine a bad place to measure. */
		checkMachine?(): Promise<string[]>;
	}

	/** The same while it runs. */
	interface Running extends Context {
		loads: Map<Row, RunLoad>;
		/** Requests a second in the trial. */
		rates: Map<Row, number>;
		plans: Map<Row, RoundPlan>;
	}

	/** Takes a step with each row and gives those that are left. */
	type TakeStep = (
		rows: Row[],
		step: (context: Running, row: Row) => Promise<void>,
	) => Promise<Row[]>;

	interface Progress {
		note(text: string): void;
		milestone(text: string): void;
		expect(phase: string, left: number, secondsEach?: number): void;
		begin(phase: string, text: string): void;
		say(text: string): void;
		end(): void;
		close(): void;
	}

	/** A median with the lowest and the highest value; nulls without any. */
	interface Spread {
		median: number | null;
		low: number | null;
		high: number | null;
	}

	/** A ratio with its interval; null without enough rounds. */
	interface Ratio {
		ratio: number | null;
		low: number | null;
		high: number | null;
		distinguishable: boolean | null;
		rounds: number | number[];
	}

	/** [figure of a row, the same of another] in each round. */
	type Pairs = [number | null, number | null][];

	/** results.json, as results.schema.json has it: what reports are made of. */
	interface Summary {
		schemaVersion: number;
		startedAt: string;
		endedAt: string;
		isComplete: boolean;
		machine: Machine;
		settings: RunSettings;
		calibration: Calibration | null;
		rows: SummaryRow[];
		leftOut: LeftOut[];
		skipped: Skipped[];
		/** What results of an older kit lack. */
		absent?: string[];
	}
	/** Its row: a measurement in figures. */
	type SummaryRow = any;

	/** A chart, or a sentence on why there is none. */
	interface Chart {
		id: string;
		title: string;
		missing?: string;
		subtitle?: string;
		/** What a screen reader says instead. */
		alternative?: string;
		draw?: (look: any) => any;
		[word: string]: any;
	}

	/** For drawTable(). */
	interface Table {
		title: string;
		columns: Column[];
		groups: string[][][];
		/** The name of each row of results. */
		rowNames?: string[][];
	}

	interface Column {
		head: string;
		align: string;
		/** It can be left out for lack of space. */
		isOptional?: boolean;
		/** Whole phrases, which may go over several lines. */
		isProse?: boolean;
	}

	/** What a table says of each row: [head, cell, align ("right"), "optional" if it can be left out]. */
	type Cells = any[][];

	type Style = (format: string, text: string) => string;

	/** A dimension: see results/dimensions.js. */
	interface Dimension {
		id: keyof Settings;
		head: string;
		flag: string;
		description: string;
		accepts: string;
		/** Undefined for what is not accepted. */
		parse(value: string): string | number | undefined;
		/** Has the last word on the list. */
		parseAll?(values: string[]): string[] | undefined;
		defaults: (string | number)[];
		/** What --help calls the default. */
		shownDefault?: string;
		show(value: any): string;
		/** Ratios are between rows that have the same value. */
		isWorkload?: boolean;
		/** It is a parameter of the requests, by the name of its id. */
		isParameter?: boolean;
	}

	/** A row that has passed verification, and what its host says it uses. */
	type Found = Pick<
		Measurement,
		| "row"
		| "engine"
		| "node"
		| "details"
		| "cpus"
		| "startupMs"
		| "meanImageBytes"
	>;

	type Sampled = { samples: any[] };

	/** A measurement in relation to its base. */
	interface Relative {
		measurement: Measurement;
		isBase: boolean;
		/** The name of its base. */
		to: string;
		imagesPerSecond: Ratio;
		cpuMicrosPerImage: Ratio;
		ceiling: { id: string; cpuMicrosPerImage: object } | null;
	}

	interface Latencies {
		latencyMs: Record<
			"mean" | "min" | "p50" | "p90" | "p99" | "max",
			number | null
		>;
		percentiles: { percent: number; ms: number | null }[];
		histogram: { fromMs: number; toMs: number; count: number }[];
	}

	interface ComparedRun {
		startedAt: string;
		isComplete: boolean;
		gitCommit: string | null;
	}

	/** What run or commit B gave in relation to A. */
	interface Comparison {
		kind: string;
		/** Of each interval. */
		level: number;
		/** What others used of the CPUs, in the median round of the row that had most of that. */
		foreignCpuShare: number;
		a: ComparedRun;
		b: ComparedRun;
		rows: any[];
		controls: any[];
		differences: string[];
		failed: { name: string; reason: string }[];
		onlyInA: string[];
		onlyInB: string[];
	}

	interface CompareOptions {
		/** A share, such as 0.1. */
		failOnRegression?: number;
		force?: boolean;
		markdown?: string;
		html?: string;
		json?: string;
	}

	/** What reports take from the command line. */
	interface ReportOptions {
		failOnRegression?: number;
		failIf?: Condition[];
		force?: boolean;
		/** Names of formats for other programs. */
		format?: string[];
		/** Totals, percentiles and histograms on the terminal. */
		details?: boolean;
	}

	/** Whether a comparison is past a threshold. */
	interface Gate {
		threshold: number;
		regressions: string[];
		/** Rows with too few rounds. */
		undecided: string[];
		/** Rows that hide a change of that size. */
		tooNoisy: string[];
		/** Others used so much of the CPUs that nothing is judged. */
		isTooBusy: boolean;
	}

	/** What adopting a tier means. */
	interface Step {
		/** In plain words, within a sentence. */
		name: string;
		/** What its app is served by. */
		host: string;
		/** What it costs whoever adopts it; "" if that is not known. */
		price: string;
		/** Nothing native. */
		isSameLanguage: boolean;
		/** From the base: less is simpler. */
		distance: number;
	}

	/** A step that was measured. */
	interface MeasuredStep extends Step {
		row: SummaryRow;
		label: string;
	}

	/** The same, relative to the base. */
	interface PlacedStep extends MeasuredStep {
		gain: Ratio;
	}

	/** What the rules of a verdict speak of: see report/verdict/facts.js. */
	interface Facts {
		base: MeasuredStep;
		/** Without the base, from near to far. */
		steps: PlacedStep[];
		/** Those that gain something over the base. */
		worth: PlacedStep[];
		/** The fastest where the recommended one is. */
		best: PlacedStep | null;
		/** Null: stay with the base. */
		recommended: PlacedStep | null;
		/** What is recommended without regard to a load. */
		usual: PlacedStep | null;
		/** Why the two differ: it is enough for the load, or pays. */
		because: "enough" | "pays" | null;
		/** Elsewhere, and faster than the recommended one. */
		beyond: PlacedStep[];
		/** Step → the simplest one that gets as much. */
		dominated: Map<PlacedStep, MeasuredStep>;
		/** Of the recommended step's host. */
		ceiling: SummaryRow | null;
		results: Summary;
	}

	/** A sentence of a verdict, with the names of the rows that it follows from. */
	interface Reason {
		/** Of report/verdict/rules.js. */
		rule?: string;
		text: string;
		rows: string[];
	}

	/** What to do, and why: see report/verdict/index.js. */
	interface Verdict {
		/** The load that it is about, if there were several. */
		title: string;
		headline: string;
		reasons: Reason[];
		/** How this commit compares with another. */
		commits: string[];
		steps: Table;
		/** What each takes at the load that was asked about. */
		worth: Table | null;
		/** A line for each load. */
		matrix: Table | null;
	}

	/** Space on a terminal. */
	interface Space {
		columns: number;
		rows: number;
		style: Style;
	}

	/** Rows in a chart that were measured under the same circumstances. */
	interface Panel {
		title: string;
		rows: any;
	}

	/** How a row looks in charts. */
	interface Look {
		label: string;
		colour: string;
		dash: number[];
	}

	interface GroupedTable {
		title: string;
		columns: Column[];
		barColumn: number;
		groups: {
			title: string;
			rows: {
				cells: string[];
				share: number;
				isBase: boolean;
				isCeiling: boolean;
			}[];
		}[];
	}

	/** Who is compared by bench:core. */
	interface Contender {
		id: string;
		title: string;
		isNative: boolean;
		command: string[];
	}

	interface CoreSample {
		cpuMicrosPerText: number;
		pngBytes: number;
		calls: number;
	}

	/** What bench:core has measured of the texts of a kind. */
	interface Corpus {
		samples: Record<string, CoreSample[]>;
		zlibNineBytes: number | null;
		instructions: Record<string, number | null> | null;
	}

	/** One engine of this tree and of another, round by round: CPU time per text in µs here and there, and images that differ. */
	interface PairedSample {
		micros: [number, number][];
		differing: number;
	}

	/** Corpus → size → mean bytes of an image. */
	type SizesOfCorpora = Record<
		string,
		Record<
			string,
			{ fast: number; effort: number; zlib: number; zopfli: number | null }
		>
	>;

	/** Corpus → engine → sample. */
	type PairedCorpora = Record<string, Record<string, PairedSample>>;

	interface ConditionFigure {
		what: string;
		/** Unit → what a value in it is multiplied with; the first is the one that is shown. */
		units: Record<string, number>;
		/** It is worse on a busy machine. */
		isTimed?: boolean;
		/** It is a ratio, with an interval. */
		isRatio?: boolean;
		/** Null of a row that hasn't got it. */
		pick(row: any, unit: string): any;
	}

	/** Of --fail-if. */
	interface Condition {
		text: string;
		/** A row's name or its tier; null for all of them. */
		row: string | null;
		/** Of the open loop. */
		rate: string | null;
		figure: ConditionFigure;
		unit: string;
		operator: string;
		limit: number;
	}

	interface JudgedCondition {
		condition: Condition;
		/** So many rows have the figure. */
		judged: number;
		/** Those that are past the limit. */
		past: { name: string; value: any }[];
		isTooBusy: boolean;
	}

	/** The command line of bench:proof. */
	interface ProofOptions {
		kind: "twin" | "compare" | "against";
		dir: string;
		runs: number;
		/** A share; null if the same code is measured twice. */
		planted: number | null;
		busy: "none" | "half" | "all";
		/** With its engine. */
		tier: string;
		kitOptions: string[];
	}

	/** A copy of the repository in which a tier does that many steps of work more; by their calibration a share from low to high. */
	interface PlantedCopy {
		root: string;
		steps: number;
		low: number;
		high: number;
	}

	interface RatioWithInterval {
		ratio: number;
		low: number;
		high: number;
	}

	/** How the second measurement relates to the first. */
	interface ProofFound {
		rate: RatioWithInterval;
		cpu: RatioWithInterval;
		foreignCpuShare: number;
	}

	interface ProofRun extends ProofFound {
		n: number;
		isBusy: boolean;
		seconds: number;
	}

	interface ProofKind {
		what: string;
		run(
			directory: string,
			options: ProofOptions & {
				copy: PlantedCopy | null;
				signal: AbortSignal;
			},
		): Promise<ProofFound>;
	}
}
