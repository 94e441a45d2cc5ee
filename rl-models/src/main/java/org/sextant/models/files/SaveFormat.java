// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import org.sextant.models.kernels.Kernels;

/**
 * How weights are saved.
 *
 * @param type F32, F16, BF16 or F64; numbers are rounded to the nearest that it has, ties to even; those of kernels in double
 *     to the nearest float first, if the type is smaller than that
 * @param maxShardBytes data of one file at most, unless a single tensor has more; what does not fit into one file is spread over several
 */
public record SaveFormat(ElementType type, long maxShardBytes) {
    /** What {@code save_pretrained} takes unless told otherwise: 5 GB. */
    public static final long DEFAULT_SHARD_BYTES = 5_000_000_000L;

    public SaveFormat {
        if (!type.numeric()) {
            throw new IllegalArgumentException("weights are saved as F32, F16, BF16 or F64, not as " + type);
        }
        if (maxShardBytes < 1) {
            throw new IllegalArgumentException(
                    "a file of weights is to have at most " + maxShardBytes + " bytes; at least 1 is needed");
        }
    }

    /** Without any rounding: reading gives the same bits back. */
    public static SaveFormat exact(Kernels kernels) {
        return new SaveFormat(TensorWriter.precision(kernels), DEFAULT_SHARD_BYTES);
    }
}
