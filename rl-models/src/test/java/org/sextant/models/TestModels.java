// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Named;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;
import org.sextant.api.model.Role;
import org.sextant.api.output.Head;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.KernelsChoice;
import org.sextant.models.kernels.ReferenceKernels;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.transformer.AdapterSettings;
import org.sextant.models.transformer.Biases;
import org.sextant.models.transformer.Family;
import org.sextant.models.transformer.Parameter;
import org.sextant.models.transformer.Positions;
import org.sextant.models.transformer.TransformerConfig;

/** Small models and batches. */
public final class TestModels {
    /** Other modules run the tests of models on kernels of their own. */
    public static final String KERNELS_PROPERTY = "sextant.test.kernels";

    private TestModels() {}

    /** Every kind of kernels that this machine can run, or the one kind that the system property names; the test closes it. */
    public static Stream<Named<Kernels>> kernels() {
        String named = System.getProperty(KERNELS_PROPERTY);
        if (named != null) {
            return Stream.of(Named.of(named, KernelsChoice.of(named).open(1)));
        }
        Stream<Named<Kernels>> everywhere = Stream.of(Named.of("reference", new ReferenceKernels()));
        return KernelsChoice.whyNotVector().isPresent()
                ? everywhere
                : Stream.concat(everywhere, Stream.of(1, 2).map(TestModels::vector));
    }

    private static Named<Kernels> vector(int threads) {
        return Named.of("vector, threads: " + threads, KernelsChoice.VECTOR.open(threads));
    }

    /** How far two ways to the same log-probability may be apart: not at all, unless the kernels promise no bits. */
    public static Offset<Double> agreement(Kernels kernels) {
        return Offset.offset(Math.min(1e-4, kernels.tolerance()));
    }

    /** Two layers, four heads over two key/value heads, head size that is not hidden / heads. */
    public static TransformerConfig tiny(boolean tied) {
        return TransformerConfig.llama(11, 8, 2, 4, 2, 6, 10, 64, 100, 1e-5, tied, List.of(0), OptionalInt.empty());
    }

    /** The same size in another family, with everything that the family can have. */
    public static TransformerConfig tiny(Family family) {
        Positions positions = family == Family.GPT2
                ? new Positions.Learned()
                : new Positions.Rotary(100, new Positions.Llama3(8, 1, 4, 16));
        Biases biases = switch (family) {
            case QWEN2 -> Biases.QKV;
            case QWEN3 -> new Biases(true, true, false);
            case LLAMA, GPT2 -> Biases.ALL;
        };
        int keyValueHeads = family == Family.GPT2 ? 4 : 2;
        return new TransformerConfig(
                family,
                11,
                8,
                2,
                4,
                keyValueHeads,
                6,
                10,
                64,
                positions,
                1e-5,
                biases,
                true,
                List.of(0),
                OptionalInt.empty());
    }

    /** A model whose weights are spread widely and whose norms are not 1, so that every weight matters. */
    public static LanguageModel spread(TransformerConfig config, Set<Head> heads, Kernels kernels) {
        LanguageModel model = LanguageModel.fresh(config, heads, kernels, new Streams(1).open(StreamKey.of("init")));
        Random random = new Random(2);
        for (Parameter p : model.parameters()) {
            Tensor w = p.value();
            double[] row = new double[w.columns()];
            for (int r = 0; r < w.rows(); r++) {
                for (int c = 0; c < row.length; c++) {
                    row[c] = (float) ((p.kind() == Parameter.Kind.NORM ? 1 : 0) + random.nextGaussian() * 0.4);
                }
                kernels.writeRow(w, r, row);
            }
        }
        return model;
    }

    /** A model on the weights of another, whose adapter and heads have moved away from where they began. */
    public static LanguageModel adapted(LanguageModel base, Set<Head> heads, AdapterSettings settings) {
        LanguageModel model =
                base.sharing(Role.POLICY, heads, Optional.of(settings), new Streams(3).open(StreamKey.of("adapter")));
        Random random = new Random(5);
        for (Parameter p : model.trained()) {
            double[] row = new double[p.value().columns()];
            for (int r = 0; r < p.value().rows(); r++) {
                Arrays.setAll(row, c -> (float) (random.nextGaussian() * 0.3));
                model.kernels().writeRow(p.value(), r, row);
            }
        }
        return model;
    }

    /** Rows of the given lengths with random ids; about two thirds of the tokens are in the response mask. */
    public static Experience batch(int vocabulary, long seed, int... lengths) {
        Random random = new Random(seed);
        Layout layout = Layout.ofLengths(lengths);
        int[] tokens = random.ints(layout.tokens(), 0, vocabulary).toArray();
        boolean[] mask = new boolean[tokens.length];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = random.nextInt(3) > 0;
        }
        return batch(layout, tokens, mask);
    }

    public static Experience batch(Layout layout, int[] tokens, boolean[] mask) {
        return Experience.of(layout, Columns.of(Standard.TOKENS, tokens).with(Standard.RESPONSE_MASK, mask));
    }
}
