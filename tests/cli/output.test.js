// qrpng -o: what becomes of files, links and folders, whoever they belong to.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
	chmodSync,
	chownSync,
	copyFileSync,
	lchownSync,
	linkSync,
	lstatSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { constants } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { readPng } from "../../bench/subjects/png.js";
import { sentences } from "../contract/refusals.js";
import {
	assertFails,
	assertText,
	binaries,
	commandOf,
	environment,
	freshDirectory,
	root,
} from "./command.js";

const isRoot = process.getuid() === 0;
const [NOBODY, SOMEBODY_ELSE] = [65_534, 65_533];
const needsRoot = { skip: !isRoot && "only root can act as two users" };

const filesIn = (folder) => readdirSync(folder).sort();
const modeOf = (file) => statSync(file).mode & 0o7777;

/** Writes a file whose mode does not depend on the umask. */
function writeWithMode(file, mode, content = "before") {
	writeFileSync(file, content);
	chmodSync(file, mode);
}

for (const binary of binaries)
	describe(path.relative(root, binary), () => {
		const { run, shell, draw } = commandOf(binary);

		test("writes the same bytes, and nothing to standard output", () => {
			const folder = freshDirectory();
			const file = path.join(folder, "code.png");
			for (const flag of ["-o", "--output"]) {
				assert.equal(draw([flag, file, "hello"]).length, 0);
				assert.deepEqual(readFileSync(file), draw(["hello"]));
			}
			assert.deepEqual(filesIn(folder), ["code.png"]);
		});

		test("a relative name, and one that starts with a dash", () => {
			const cwd = freshDirectory();
			draw(["-o", "a.png", "hello"], { cwd });
			draw(["--output=-b.png", "hello"], { cwd });
			assert.deepEqual(filesIn(cwd), ["-b.png", "a.png"]);
		});

		test("names as long as they can be", async () => {
			const folder = freshDirectory();
			for (const length of [250, 255]) {
				const file = path.join(folder, "n".repeat(length));
				for (const text of ["first", "second"]) {
					draw(["-o", file, text]);
					await assertText(readFileSync(file), text);
				}
			}
			const tooLong = path.join(folder, "n".repeat(256));
			const sentence = / can't be written: File name too long\.$/m;
			assertFails(run(["-o", tooLong, "hello"]), 1, sentence);
			const endless = `${folder}${"/.".repeat(2048)}/code.png`;
			assertFails(run(["-o", endless, "hello"]), 1, sentence);
			assert.equal(filesIn(folder).length, 2);
		});

		test("of writers at the same moment, one is the last", async () => {
			const folder = freshDirectory();
			const file = path.join(folder, "code.png");
			const texts = Array.from({ length: 8 }, (_, i) => `writer ${i}`);
			const ends = texts.map((text) => {
				const child = spawn(binary, ["-o", file, text], { env: environment });
				return once(child, "close");
			});
			for (const end of await Promise.all(ends))
				assert.deepEqual(end, [0, null]);
			const images = texts.map((text) => draw([text]));
			assert.ok(images.some((image) => image.equals(readFileSync(file))));
			assert.deepEqual(filesIn(folder), ["code.png"]);
		});

		describe("permissions", () => {
			test("follow the umask, or are those of the file before", () => {
				const folder = freshDirectory();
				for (const [umask, mode] of [
					["022", 0o644],
					["077", 0o600],
					["000", 0o666],
				]) {
					shell(`umask ${umask}; "$QRPNG" -o ${folder}/${umask} hello`);
					assert.equal(modeOf(`${folder}/${umask}`), mode);
				}
				const file = `${folder}/022`;
				for (const mode of [0o640, 0o777, 0o600, 0o444]) {
					chmodSync(file, mode);
					draw(["-o", file, "again"]);
					assert.equal(modeOf(file), mode);
				}
			});

			test("setuid, setgid and sticky bits are not passed on", async () => {
				const file = path.join(freshDirectory(), "code.png");
				for (const mode of [0o4777, 0o2755, 0o1644, 0o7777]) {
					writeWithMode(file, mode);
					assert.equal(modeOf(file), mode);
					draw(["-o", file, "hello"]);
					assert.equal(modeOf(file), mode & 0o777);
					await assertText(readFileSync(file), "hello");
				}
			});

			const ownGroup = process.getegid();
			const otherGroup = isRoot
				? NOBODY
				: process.getgroups().find((group) => group !== ownGroup);
			const needsGroup = {
				skip: otherGroup === undefined && "needs a user in two groups",
			};
			test("the group stays what it is", needsGroup, () => {
				const file = path.join(freshDirectory(), "code.png");
				writeWithMode(file, 0o640);
				chownSync(file, -1, otherGroup);
				draw(["-o", file, "hello"]);
				assert.equal(statSync(file).gid, otherGroup);
				assert.equal(modeOf(file), 0o640);
			});
		});

		describe("symbolic links", () => {
			test("stay what they are, also several in a row", async () => {
				const folder = freshDirectory();
				mkdirSync(path.join(folder, "below"));
				const at = (name) => path.join(folder, name);
				writeFileSync(at("target"), "before");
				symlinkSync("../target", at("below/second"));
				symlinkSync("below/second", at("first"));
				draw(["-o", at("first"), "hello"]);
				assert.equal(readlinkSync(at("first")), "below/second");
				assert.equal(readlinkSync(at("below/second")), "../target");
				assert.ok(lstatSync(at("target")).isFile());
				await assertText(readFileSync(at("target")), "hello");
				assert.deepEqual(filesIn(folder), ["below", "first", "target"]);
			});

			test("whose target is missing: it is made", async () => {
				const folder = freshDirectory();
				const link = path.join(folder, "link");
				symlinkSync("target", link);
				draw(["-o", link, "hello"]);
				assert.equal(readlinkSync(link), "target");
				await assertText(readFileSync(path.join(folder, "target")), "hello");
				assert.deepEqual(filesIn(folder), ["link", "target"]);
			});

			test("that lead nowhere, or round and round", () => {
				const folder = freshDirectory();
				const link = path.join(folder, "link");
				for (const [target, reason] of [
					["missing/target", "No such file or directory"],
					["target/", "Is a directory"],
					["link", "Too many levels of symbolic links"],
				]) {
					symlinkSync(target, link);
					const sentence = `${link} can't be written: ${reason}.`;
					assertFails(run(["-o", link, "hello"]), 1, sentence);
					assert.equal(readlinkSync(link), target);
					assert.deepEqual(filesIn(folder), ["link"]);
					rmSync(link);
				}
			});

			test("of others are not followed", needsRoot, async () => {
				const folder = freshDirectory();
				const precious = path.join(freshDirectory(), "precious");
				writeWithMode(precious, 0o600, "precious");
				const link = path.join(folder, "link");
				const sentence = `${link} can't be written: the symbolic link belongs to another user.`;
				for (const [mode, owner] of [
					[0o755, NOBODY],
					[0o1777, 0],
				])
					for (const target of [precious, `${precious}-not`, "/dev/null"]) {
						chownSync(folder, owner, owner);
						chmodSync(folder, mode);
						symlinkSync(target, link);
						lchownSync(link, NOBODY, NOBODY);
						assertFails(run(["-o", link, "hello"]), 1, sentence);
						assert.equal(readlinkSync(link), target);
						assert.deepEqual(filesIn(folder), ["link"]);
						rmSync(link);
					}
				assert.equal(readFileSync(precious, "utf8"), "precious");
				assert.deepEqual(filesIn(path.dirname(precious)), ["precious"]);
			});
		});

		test("of a file with several names, the others keep the old content", () => {
			const folder = freshDirectory();
			const [file, other] = ["code.png", "other"].map((name) =>
				path.join(folder, name),
			);
			writeFileSync(file, "before");
			linkSync(file, other);
			draw(["-o", file, "hello"]);
			assert.equal(readFileSync(other, "utf8"), "before");
			readPng(readFileSync(file));
		});

		test("a file of another user is refused, and stays as it is", () => {
			const file = isRoot
				? path.join(freshDirectory(), "trap.png")
				: "/etc/passwd";
			if (isRoot) {
				writeFileSync(file, "before");
				chownSync(path.dirname(file), NOBODY, NOBODY);
				chownSync(file, NOBODY, NOBODY);
				chmodSync(file, 0o4777);
			}
			const [status, content] = [statSync(file), readFileSync(file)];
			const sentence = `${file} can't be written: it belongs to another user.`;
			assertFails(run(["-o", file, "hello"]), 1, sentence);
			const { ino, uid, mode } = statSync(file);
			assert.deepEqual([ino, uid, mode], [status.ino, status.uid, status.mode]);
			assert.deepEqual(readFileSync(file), content);
			if (isRoot) assert.deepEqual(filesIn(path.dirname(file)), ["trap.png"]);
		});

		describe("as a user with few rights", () => {
			const user = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
			const locked = [];
			let command = commandOf(binary);

			after(() => {
				for (const folder of locked) chmodSync(folder, 0o755);
			});

			/** A folder of that user. */
			function folderOfUser() {
				const folder = freshDirectory();
				if (isRoot) chownSync(folder, NOBODY, NOBODY);
				chmodSync(folder, 0o755);
				return folder;
			}

			/** A file of that user in a folder that takes no new file. */
			function fileInLockedFolder(mode, group = NOBODY) {
				const folder = folderOfUser();
				const file = path.join(folder, "code.png");
				writeWithMode(file, mode, "before".repeat(1_000));
				if (isRoot) chownSync(file, NOBODY, group);
				chmodSync(file, mode); // after a change of the owner, since that takes bits away
				chmodSync(folder, 0o555);
				locked.push(folder);
				return file;
			}

			before(() => {
				if (!isRoot) return;
				// The repository may be in a folder that is closed to others.
				const folder = freshDirectory();
				for (const open of [path.dirname(folder), folder])
					chmodSync(open, 0o755);
				copyFileSync(binary, path.join(folder, "qrpng"));
				chmodSync(path.join(folder, "qrpng"), 0o755);
				command = commandOf(path.join(folder, "qrpng"));
			});

			test("a writable file in an unwritable folder is written into", async () => {
				for (const mode of [0o644, 0o4777]) {
					const file = fileInLockedFolder(mode);
					const { ino } = statSync(file);
					command.draw(["-o", file, "hello"], user);
					assert.equal(statSync(file).ino, ino);
					assert.equal(modeOf(file), mode & 0o777);
					assert.deepEqual(readFileSync(file), draw(["hello"]));
					assert.deepEqual(filesIn(path.dirname(file)), ["code.png"]);
				}
			});

			test("an unwritable file there, a new one, and one with several names are refused", () => {
				const file = fileInLockedFolder(0o444);
				const denied = / can't be written: Permission denied\.$/m;
				assertFails(command.run(["-o", file, "hello"], user), 1, denied);
				const other = path.join(path.dirname(file), "other");
				assertFails(command.run(["-o", other, "hello"], user), 1, denied);

				const linked = fileInLockedFolder(0o644);
				linkSync(linked, path.join(folderOfUser(), "other"));
				const sentence = /: its folder allows no new file, and .* other names/;
				assertFails(command.run(["-o", linked, "hello"], user), 1, sentence);
				for (const unchanged of [file, linked]) {
					assert.match(readFileSync(unchanged, "utf8"), /^(before)+$/);
					assert.deepEqual(filesIn(path.dirname(unchanged)), ["code.png"]);
				}
			});

			test("a full disk leaves what could not be replaced as it was", () => {
				const file = fileInLockedFolder(0o644);
				chmodSync(path.dirname(file), 0o755);
				writeFileSync(file, "before");
				chmodSync(path.dirname(file), 0o555);
				const text = "large".repeat(500);
				const full = command.shell(
					`ulimit -f 1; "$QRPNG" -w 1024 -o ${file} ${text}`,
					user,
				);
				assertFails(full, 1, /code\.png can't be written: File too large\.$/m);
				assert.equal(readFileSync(file, "utf8"), "before");
				assert.deepEqual(filesIn(path.dirname(file)), ["code.png"]);
			});

			test("what can't be looked at is not taken for missing", () => {
				const folder = folderOfUser();
				const closed = path.join(folder, "closed");
				const link = path.join(folder, "link");
				mkdirSync(closed);
				writeFileSync(path.join(closed, "target"), "before");
				symlinkSync("closed/target", link);
				if (isRoot) lchownSync(link, NOBODY, NOBODY);
				chmodSync(closed, 0);
				const sentence = `${link} can't be written: Permission denied.`;
				assertFails(command.run(["-o", link, "hello"], user), 1, sentence);
				chmodSync(closed, 0o700);
				assert.equal(readlinkSync(link), "closed/target");
				assert.deepEqual(filesIn(folder), ["closed", "link"]);
				assert.equal(readFileSync(`${closed}/target`, "utf8"), "before");
			});

			test(
				"a group that it is not in gets no more than everybody",
				needsRoot,
				() => {
					const file = fileInLockedFolder(0o674, SOMEBODY_ELSE);
					chmodSync(path.dirname(file), 0o755);
					command.draw(["-o", file, "hello"], user);
					assert.equal(statSync(file).gid, NOBODY);
					assert.equal(modeOf(file), 0o644);
				},
			);
		});

		describe("a failure leaves the file as it was and nothing beside it", () => {
			let folder;
			let file;
			const start = () => {
				folder = freshDirectory();
				file = path.join(folder, "code.png");
				writeFileSync(file, "before");
			};
			const assertUnchanged = () => {
				assert.equal(readFileSync(file, "utf8"), "before");
				assert.deepEqual(filesIn(folder), ["code.png"]);
			};

			test("a text that is too long, a wrong option", () => {
				start();
				const tooLong = { input: "a".repeat(3000) };
				assertFails(run(["-o", file], tooLong), 3, sentences.tooLong.L);
				assertFails(
					run(["-o", file, "--ecl", "X", "a"]),
					2,
					`--${sentences.ecl}`,
				);
				assertUnchanged();
			});

			test("a full disk, for which a limit on the size of files stands in", () => {
				start();
				const text = "large".repeat(500);
				const full = shell(`ulimit -f 1; "$QRPNG" -w 1024 -o ${file} ${text}`);
				assertFails(full, 1, /code\.png can't be written: File too large\.$/m);
				assertUnchanged();
			});

			describe("at the moment when the bytes go to the disk", () => {
				let env;
				before(() => {
					const library = path.join(freshDirectory(), "fsync.so");
					const source = path.join(import.meta.dirname, "fsync_preload.c");
					execFileSync("cc", ["-shared", "-fPIC", source, "-o", library]);
					env = {
						...environment,
						LD_PRELOAD: library,
						ASAN_OPTIONS: `${environment.ASAN_OPTIONS}:verify_asan_link_order=0`,
					};
				});

				test("an error", () => {
					start();
					const failed = run(["-o", file, "hello"], { env });
					assertFails(failed, 1, /: Input\/output error\.$/m);
					assertUnchanged();
				});

				test("a signal waits until the file is replaced", async () => {
					for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
						start();
						const child = spawn(binary, ["-o", file, "hello"], {
							env: { ...env, FSYNC_SIGNAL: `${constants.signals[signal]}` },
						});
						assert.deepEqual(await once(child, "close"), [null, signal]);
						await assertText(readFileSync(file), "hello");
						assert.deepEqual(filesIn(folder), ["code.png"]);
					}
				});
			});
		});

		test("a folder that is missing, or a folder as the file", () => {
			const folder = freshDirectory();
			const missing = path.join(folder, "missing", "code.png");
			const sentence = /missing\/code\.png can't be written: No such file/;
			assertFails(run(["-o", missing, "hello"]), 1, sentence);
			for (const name of [folder, `${folder}/`, `${folder}/.`, "/"])
				assertFails(run(["-o", name, "hello"]), 1, /: Is a directory\.$/m);
			assertFails(run(["-o", "", "hello"]), 1, /can't be written: /);
			assert.deepEqual(filesIn(folder), []);
		});

		describe("what is no file, or is open already, is written to as it stands", () => {
			test("devices", () => {
				draw(["-o", "/dev/null", "hello"]);
				assert.ok(statSync("/dev/null").isCharacterDevice());
				const full = run(["-o", "/dev/full", "hello"]);
				assertFails(full, 1, /\/dev\/full can't be written: .+\.$/m);
			});

			test("pipes", () => {
				const fifo = path.join(freshDirectory(), "fifo");
				const line = `mkfifo ${fifo}; cat ${fifo} & "$QRPNG" -o ${fifo} hello; wait`;
				assert.deepEqual(shell(line).stdout, draw(["hello"]));
				assert.ok(statSync(fifo).isFIFO());
			});

			test("descriptors: of pipes, and of files at their position", () => {
				const image = draw(["hello"]);
				for (const line of [
					'"$QRPNG" -o /dev/stdout hello | cat',
					'("$QRPNG" -o /dev/fd/3 hello 3>&1) | cat',
				])
					assert.deepEqual(shell(line).stdout, image);
				const file = path.join(freshDirectory(), "all");
				const { status } = shell(
					`(printf head; "$QRPNG" -o /dev/stdout hello; printf tail) > ${file};
					"$QRPNG" -o /dev/stdout hello >> ${file}`,
				);
				assert.equal(status, 0);
				const parts = ["head", image, "tail", image];
				assert.deepEqual(
					readFileSync(file),
					Buffer.concat(parts.map((part) => Buffer.from(part))),
				);
			});

			test("descriptors that are closed, or can't be written to", () => {
				const folder = freshDirectory();
				const link = path.join(folder, "link");
				for (const [descriptor, redirection] of [
					[1, "1>&-"],
					[9, "9>&-"],
					[9, "9</dev/null"],
				]) {
					const target = `/proc/self/fd/${descriptor}`;
					symlinkSync(target, link);
					const line = `"$QRPNG" -o ${link} hello ${redirection}`;
					assertFails(shell(line), 1, /link can't be written: .+\.$/m);
					assert.equal(readlinkSync(link), target);
					assert.deepEqual(filesIn(folder), ["link"]);
					rmSync(link);
				}
			});
		});
	});
