// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The primitives that a transformer, its decoder and its optimiser are made of: the one seam between the model's
 * equations and the machine. {@code y}, {@code dx} … are outputs; a method whose name ends in {@code Backward} receives
 * the gradient of its output and writes the gradient of its input; gradients of weights are always <em>added</em>,
 * because they gather over micro-batches. {@code rows} is the number of rows that count.
 *
 * <p>Contract of every implementation whose {@link #tolerance} is 0: an output element is summed in an order that depends only on the sizes of the
 * weights and the position in its own sequence, never on the number of rows, the other rows, the number of threads or
 * whether the call comes from decoding or training. So a token's log-probability has the same bits alone, in a batch,
 * sampled or trained on. No primitive of any implementation takes memory for numbers once the sizes have been seen;
 * {@link #load} and {@link #store}, which move files, do.
 */
public interface Kernels extends AutoCloseable {
    /** Short name for provenance and {@code --kernels}: {@code reference}, {@code vector}, {@code nd4j}. */
    String name();

    /** Name, vector width and threads, for provenance: {@code vector(float32, 256 bit, 2 threads)}. */
    String describe();

    /** Unit round-off of the element type: 2^-24 for float, 2^-53 for double; tests choose tolerances by it. */
    double roundOff();

    /**
     * How far a token's log-probability may differ between sampling, scoring and training on the same weights: 0 where
     * the contract's bits hold, more for kernels over libraries that sum as they like.
     */
    double tolerance();

    int threads();

    /** Opens an accounted arena. */
    MemoryArena arena(String role);

    /** What arenas will take for what is allocated in them. */
    MemorySizes sizes();

    /** What every role holds now and held at most, in the order of role names. */
    List<MemoryUse> memory();

    // ---- data in and out
    // -------------------------------------------------------------------------------------------------

    double get(Tensor t, int row, int column);

    void set(Tensor t, int row, int column, double value);

    /**
     * Copies {@code rows × columns} little-endian float32 numbers of {@code floats} into rows {@code firstRow…} of
     * {@code t}.
     */
    void load(Tensor t, int firstRow, int rows, MemorySegment floats);

    /** The reverse of {@link #load}. */
    void store(Tensor t, int firstRow, int rows, MemorySegment floats);

    /** Copies rows into {@code into[0 … rows · columns - 1]}, one after the other: in one go where a bus lies between. */
    void readRows(Tensor t, int firstRow, int rows, double[] into);

    /** Writes rows from {@code from[0 … rows · columns - 1]}. */
    void writeRows(Tensor t, int firstRow, int rows, double[] from);

    /** Copies one row into {@code into[0 … columns - 1]}. */
    default void readRow(Tensor t, int row, double[] into) {
        readRows(t, row, 1, into);
    }

    /** Writes {@code from[0 … columns - 1]} to one row. */
    default void writeRow(Tensor t, int row, double[] from) {
        writeRows(t, row, 1, from);
    }

    // ---- elementwise: on tensors from allocate(), or on weights of one shape, which are taken whole (rows = all rows)
    // -----------------------------------------------------------------------------------------------------

    void zero(Tensor t, int rows);

    /** Between weights the formats may differ: numbers are rounded or widened. */
    void copy(Tensor from, Tensor to, int rows);

    /** {@code y += x}. */
    void add(Tensor x, Tensor y, int rows);

    void scale(Tensor t, int rows, double factor);

    /** {@code y[i] = x[rowIndex[i]]} for {@code i < n}; {@code x} may be a weight. */
    void gatherRows(Tensor x, int[] rowIndex, int n, Tensor y);

    /**
     * {@code x[rowIndex[i]] += y[i]} for {@code i < n}; an index may repeat; summed in the order of {@code i};
     * {@code x} may be a weight.
     */
    void scatterAddRows(Tensor y, int[] rowIndex, int n, Tensor x);

    /**
     * {@code y[i] += table[rowIndex[i]]} for {@code i < n}: learned positions; {@link #scatterAddRows} is the backward
     * pass. The table may be a weight.
     */
    void addRows(Tensor table, int[] rowIndex, int n, Tensor y);

    /**
     * Dropout (Srivastava et al. 2014): {@code y = x · keep / (1 - probability)}, where keep depends on the seed, the
     * row and the column alone, so the backward pass needs no mask; {@code y} may be {@code x}.
     *
     * @param probability of an element to be dropped, at least 0 and below 1
     */
    void dropout(Tensor x, int rows, double probability, long seed, Tensor y);

    /** {@code dx += dy · keep / (1 - probability)}, with the seed of the forward pass. */
    void dropoutBackward(Tensor dy, int rows, double probability, long seed, Tensor dx);

    // ---- linear: w [out, in] (Hugging Face's order) is a weight, from allocateWeight; its gradient too, in FLOAT
    // ----------------------------------------------------------------------------------------------------------

    /**
     * {@code y = x·wᵀ + bias}: x [rows, in], y [rows, out]. Each element is one chain of fused multiply-adds that
     * begins with the bias (or 0) and runs over the inputs in ascending order.
     *
     * @param bias [out, 1], or null
     */
    void linear(Tensor x, int rows, Tensor w, Tensor bias, Tensor y);

    /**
     * {@code y[:, firstColumn … firstColumn + out - 1] += x·wᵀ}: an adapter on a part of a projection; the chains
     * begin with what is there.
     */
    void linearInto(Tensor x, int rows, Tensor w, Tensor y, int firstColumn);

    /**
     * {@code dx = dy·w}, or {@code dx += dy·w} with {@code accumulate}, where dy is columns
     * {@code firstColumn … firstColumn + out - 1} of {@code dy}.
     */
    void linearBackwardInput(Tensor dy, int firstColumn, int rows, Tensor w, Tensor dx, boolean accumulate);

    /** {@code dw += dyᵀ·x}, where dy is columns {@code firstColumn … firstColumn + out - 1} of {@code dy}. */
    void linearBackwardWeight(Tensor dy, int firstColumn, Tensor x, int rows, Tensor dw);

    /** {@code dBias[j] += Σ_i dy[i, j]}, in the order of i; {@code dBias} is [columns, 1]. */
    void biasBackward(Tensor dy, int rows, Tensor dBias);

    // ---- embedding, norm, activation, positions
    // ---------------------------------------------------------------------------

    /** {@code y[i] = table[ids[i]]}. */
    void embed(int[] ids, int rows, Tensor table, Tensor y);

    /** {@code dTable[ids[i]] += dy[i]}, in the order of {@code i}. */
    void embedBackward(int[] ids, int rows, Tensor dy, Tensor dTable);

    /**
     * RMSNorm (Zhang and Sennrich 2019, arXiv 1910.07467): {@code y = x / sqrt(mean(x²) + epsilon) · w}; fused with the
     * residual stream: if {@code delta} is not null, {@code x += delta} first.
     *
     * @param w [1, columns]
     * @param inverse [capacity, 1], receives {@code 1 / sqrt(mean(x²) + epsilon)} for the backward pass
     */
    void rmsNorm(Tensor x, Tensor delta, int rows, Tensor w, double epsilon, Tensor y, Tensor inverse);

    /**
     * {@code dx += ∂/∂x}, {@code dw += ∂/∂w}; {@code x} is the (summed) input of the forward pass; {@code dw} may be
     * null (frozen).
     */
    void rmsNormBackward(Tensor dy, Tensor x, Tensor inverse, int rows, Tensor w, Tensor dx, Tensor dw);

    /**
     * Layer normalisation (Ba et al. 2016, arXiv 1607.06450): {@code y = (x - mean) / sqrt(variance + epsilon) · w + b}
     * with the variance of the population; fused with the residual stream: if {@code delta} is not null,
     * {@code x += delta} first.
     *
     * @param w [1, columns], like {@code b}
     * @param statistics [capacity, 2], receives the mean and {@code 1 / sqrt(variance + epsilon)} for the backward pass
     */
    void layerNorm(Tensor x, Tensor delta, int rows, Tensor w, Tensor b, double epsilon, Tensor y, Tensor statistics);

    /**
     * {@code dx += ∂/∂x}, {@code dw += ∂/∂w}, {@code db += ∂/∂b}; {@code x} is the (summed) input of the forward pass;
     * {@code dw} and {@code db} may both be null (frozen).
     */
    void layerNormBackward(Tensor dy, Tensor x, Tensor statistics, int rows, Tensor w, Tensor dx, Tensor dw, Tensor db);

    /**
     * RMSNorm of every head for itself, in place, as Qwen3 normalises queries and keys: columns
     * {@code firstColumn … firstColumn + heads·headSize - 1}.
     *
     * @param w [1, headSize]
     * @param inverse [capacity, at least heads], receives {@code 1 / sqrt(mean(x²) + epsilon)} of head h in column h
     */
    void headNorm(
            Tensor x, int firstColumn, int heads, int headSize, int rows, Tensor w, double epsilon, Tensor inverse);

    /**
     * Turns, in place, the gradient of the output of {@link #headNorm} into that of its input.
     *
     * @param x what the heads were before the norm, in the same columns
     * @param dw is added to; null if frozen
     */
    void headNormBackward(
            Tensor dx,
            Tensor x,
            Tensor inverse,
            int firstColumn,
            int heads,
            int headSize,
            int rows,
            Tensor w,
            Tensor dw);

    /**
     * SwiGLU (Shazeer 2020, arXiv 2002.05202): {@code y = silu(gate) · up}, where {@code gateUp = [gate | up]} has 2·n
     * columns.
     */
    void swiGlu(Tensor gateUp, int rows, Tensor y);

    /** Gradient of {@link #swiGlu} with respect to {@code gateUp}, overwritten. */
    void swiGluBackward(Tensor dy, Tensor gateUp, int rows, Tensor dGateUp);

    /**
     * GELU (Hendrycks and Gimpel 2016, arXiv 1606.08415) in the form with tanh that GPT-2 uses ({@code gelu_new}):
     * {@code y = x/2 · (1 + tanh(sqrt(2/π) · (x + 0.044715 x³)))}.
     */
    void gelu(Tensor x, int rows, Tensor y);

    /** Gradient of {@link #gelu} with respect to {@code x}, overwritten; {@code dx} may be {@code dy}. */
    void geluBackward(Tensor dy, Tensor x, int rows, Tensor dx);

    /**
     * Rotates heads in place (RoPE, Su et al. 2021, arXiv 2104.09864, in Hugging Face's half-split layout: element i
     * pairs with i + headSize/2): columns {@code firstColumn … firstColumn + heads·headSize - 1}. The position of a row
     * comes from {@code segments}.
     *
     * @param inverseFrequencies headSize/2 angular frequencies
     * @param scaling factor on cosine and sine (attention scaling of long-context variants; 1 otherwise)
     * @param inverse rotate back, which is the backward pass
     */
    void rope(
            Tensor x,
            int firstColumn,
            int heads,
            int headSize,
            Segments segments,
            double[] inverseFrequencies,
            double scaling,
            boolean inverse);

    // ---- attention
    // -------------------------------------------------------------------------------------------------------

    /**
     * Writes the keys (columns from {@code keyColumn}) and values (from {@code valueColumn}) of all rows to their
     * pages.
     */
    void storeKeyValues(Tensor qkv, int keyColumn, int valueColumn, Segments segments, KeyValuePages pages, int layer);

    /**
     * Copies the first {@code positions} positions of a page, all layers and heads: for a fork in the middle of a page.
     */
    void copyPage(KeyValuePages pages, int fromPage, int toPage, int positions);

    /**
     * Causal attention of grouped queries (Ainslie et al. 2023, arXiv 2305.13245): queries are the first
     * {@code heads·headSize} columns of {@code qkv}, already rotated; query head h reads key/value head
     * {@code h / (heads / keyValueHeads)}; the row at position p sees positions 0 … p of its own sequence.
     *
     * @param out [rows, heads·headSize]
     * @param logSumExp [rows, heads], log of the softmax denominators for the backward pass; null when decoding
     */
    void attention(
            Tensor qkv,
            int heads,
            Segments segments,
            KeyValuePages pages,
            int layer,
            double scale,
            Tensor out,
            Tensor logSumExp);

    /**
     * Gradients of {@link #attention} for segments with {@code past = 0}: writes (overwrites) all of {@code dQkv}, laid
     * out as {@code [q | k | v]}.
     */
    void attentionBackward(
            Tensor qkv,
            int heads,
            Segments segments,
            KeyValuePages pages,
            int layer,
            double scale,
            Tensor out,
            Tensor logSumExp,
            Tensor dOut,
            Tensor dQkv);

    // ---- vocabulary
    // ------------------------------------------------------------------------------------------------------

    /**
     * Reductions over rows of logits z / temperature, with π = softmax: log π(target), entropy −Σ π log π and Σ π². The
     * maximum is subtracted before the exponential. Any of the three outputs may be null, and {@code targets} if
     * {@code logProb} is. Row i goes to index {@code at + i}.
     */
    void vocabularyStatistics(
            Tensor logits,
            int rows,
            int[] targets,
            int at,
            double temperature,
            double[] logProb,
            double[] entropy,
            double[] sumPiSquared);

    /**
     * Gradient with respect to the undivided logits of Σ_i gLogProb[i]·logProb[i] + gEntropy[i]·entropy[i] +
     * gSumPiSquared[i]·sumPiSquared[i]; any of the three may be null, and {@code targets} if {@code gLogProb} is.
     * Written over {@code dLogits}, which may be {@code logits} itself.
     */
    void vocabularyStatisticsBackward(
            Tensor logits,
            int rows,
            int[] targets,
            int at,
            double temperature,
            double[] gLogProb,
            double[] gEntropy,
            double[] gSumPiSquared,
            Tensor dLogits);

    // ---- optimiser
    // -------------------------------------------------------------------------------------------------------

    /** Σ x² in double, in an order that does not depend on the threads. */
    double sumOfSquares(Tensor t);

    /**
     * AdamW (Loshchilov and Hutter 2019, arXiv 1711.05101), PyTorch's order: {@code w *= 1 - lr·decay}; m, v updated
     * from {@code gradientScale · gradient};
     * {@code w -= lr / biasCorrection1 · m / (sqrt(v) / sqrt(biasCorrection2) + epsilon)}.
     */
    void adamW(Tensor w, Tensor gradient, Tensor m, Tensor v, AdamWStep step);

    /** Coefficients of one AdamW update. */
    record AdamWStep(
            double learningRate,
            double beta1,
            double beta2,
            double epsilon,
            double weightDecay,
            double biasCorrection1,
            double biasCorrection2,
            double gradientScale) {}

    // ---- checks
    // ----------------------------------------------------------------------------------------------------------

    /** Index of the first row among the first {@code rows} with a NaN or an infinity, or -1. */
    int firstNonFiniteRow(Tensor t, int rows);

    @Override
    void close();
}
