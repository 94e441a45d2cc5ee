// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

/** Element types that a safetensors header may name; of these {@link #numeric} ones can be read as weights. */
public enum ElementType {
    F64(8, true),
    F32(4, true),
    F16(2, true),
    BF16(2, true),
    I64(8, false),
    U64(8, false),
    I32(4, false),
    U32(4, false),
    I16(2, false),
    U16(2, false),
    I8(1, false),
    U8(1, false),
    BOOL(1, false),
    F8_E4M3(1, false),
    F8_E5M2(1, false);

    private final int bytes;
    private final boolean numeric;

    ElementType(int bytes, boolean numeric) {
        this.bytes = bytes;
        this.numeric = numeric;
    }

    public int bytes() {
        return bytes;
    }

    /** Whether weights of this type can be read; they are widened, exactly. */
    public boolean numeric() {
        return numeric;
    }

    /** What {@code torch_dtype} of {@code config.json} calls it. */
    String torchName() {
        return switch (this) {
            case F64 -> "float64";
            case F16 -> "float16";
            case BF16 -> "bfloat16";
            default -> "float32";
        };
    }
}
