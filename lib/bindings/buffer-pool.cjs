// Memory that small images share, as small Buffers do in Node's own pool.
"use strict";

const POOL_NBYTES = 32 * 1024;
// What is larger gets memory of its own, so that little of a pool is left over, and a large image keeps only itself.
const MAX_POOLED_NBYTES = POOL_NBYTES / 8;
const ALIGNMENT_NBYTES = 8;

/** So many images lie in Node's own pool. A process of few then needn't load what marks one of ours. */
const FEW = 16;

/** @type {() => Buffer} */
function createPool() {
	const { markAsUntransferable } = require("node:worker_threads");
	const pool = Buffer.allocUnsafeSlow(POOL_NBYTES);
	// It can't be given away with one image: the others would be gone, too.
	markAsUntransferable(pool.buffer);
	return pool;
}

/** What is written to `memory` from `offset` on becomes a Buffer by take(). */
class BufferPool {
	/** @type {Buffer<ArrayBufferLike>} */
	memory = Buffer.alloc(0);
	offset = 0;
	#count = 0;

	/**
	 * The next nbytes. With that, copy() says that they are not written yet: there was not enough room.
	 * @type {(nbytes: number, copy: (target: Buffer) => void) => Buffer}
	 */
	take(nbytes, copy) {
		if (nbytes > MAX_POOLED_NBYTES) {
			const own = Buffer.allocUnsafeSlow(nbytes);
			copy(own);
			return own;
		}
		if (this.#count < FEW) {
			this.#count++;
			const few = Buffer.allocUnsafe(nbytes);
			copy(few);
			return few;
		}
		if (nbytes > this.memory.length - this.offset) {
			this.memory = createPool();
			this.offset = 0;
			copy(this.memory);
		}
		const { offset } = this;
		const end = offset + nbytes;
		this.offset = (end + ALIGNMENT_NBYTES - 1) & -ALIGNMENT_NBYTES;
		return this.memory.subarray(offset, end);
	}
}

module.exports = { BufferPool };
