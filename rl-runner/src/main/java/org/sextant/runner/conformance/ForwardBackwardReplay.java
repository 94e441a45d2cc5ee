// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Set;
import org.sextant.api.output.Entropy;
import org.sextant.api.output.LogProb;
import org.sextant.models.ForwardPass;
import org.sextant.models.LanguageModel;
import org.sextant.models.files.SafetensorsFile;
import org.sextant.models.files.TensorEntry;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.transformer.Parameter;

/** Logits, cross entropy and the gradient of every weight, through the forward and backward pass that training uses. */
final class ForwardBackwardReplay implements Replay {
    private static final Tolerance LOGITS = new Tolerance(0, 5e-5);
    private static final Tolerance LOSS = new Tolerance(0, 1e-5);
    private static final Tolerance GRADIENT = new Tolerance(1e-3, 2e-5);

    private static final LogProb LOG_PROB = new LogProb();
    private static final Entropy ENTROPY = new Entropy();

    @Override
    public void replay(Case given, Check check, Engine engine) {
        ModelRows rows = ModelRows.unpadded(given);
        given.without("num_label_tokens");
        try (LanguageModel model = ModelFolder.open(given, engine)) {
            logits(given, check, rows, model);
            ForwardPass pass = model.forward(rows.batch(), Set.of(LOG_PROB, ENTROPY), 1);
            Likelihood likelihood = Likelihood.of(rows.batch(), pass.get(LOG_PROB), pass.get(ENTROPY));
            check.near("loss", new double[] {likelihood.loss()}, null, LOSS);
            if (given.has("label_logprobs")) {
                labelLogProbs(given, check, rows, pass.get(LOG_PROB));
            }
            if (given.has("grad_l2_norm")) {
                pass.backward(Map.of(LOG_PROB, likelihood.gradient()));
                gradients(given, check, engine, model);
            }
        }
    }

    private static void logits(Case given, Check check, ModelRows rows, LanguageModel model) {
        double[][] found = rows.logits(model);
        int width = given.values("input_ids", 2).dimension(1);
        int vocabulary = model.config().vocabulary();
        boolean chosen = given.has("logits_positions");
        String field = chosen ? "logits_at_positions" : "logits";
        double[] expected = given.values(field, 3).flat();
        int[] column = chosen ? columns(given, width) : null;
        int shown = given.values(field, 3).dimension(1);
        for (int t = 0; t < found.length; t++) {
            int at = rows.padded()[t];
            int place = chosen ? column[at % width] : at % width;
            if (place >= 0) {
                int from = (at / width * shown + place) * vocabulary;
                double[] own = java.util.Arrays.copyOfRange(expected, from, from + vocabulary);
                check.near(field + " of row " + at / width + ", token " + at % width, own, found[t], null, LOGITS);
            }
        }
    }

    /** For each column of the ids, where its logits stand among those that are given; −1 if they are not. */
    private static int[] columns(Case given, int width) {
        int[] column = new int[width];
        java.util.Arrays.fill(column, -1);
        int[] positions = given.values("logits_positions", 1).ints();
        for (int i = 0; i < positions.length; i++) {
            column[positions[i]] = i;
        }
        return column;
    }

    /** The source has one column less: its column t holds what predicts token t + 1. */
    private static void labelLogProbs(Case given, Check check, ModelRows rows, double[] logProb) {
        Values expected = given.values("label_logprobs", 2);
        int width = expected.dimension(1);
        double[] found = new double[expected.flat().length];
        for (int t = 0; t < logProb.length; t++) {
            int row = rows.padded()[t] / (width + 1);
            int token = rows.padded()[t] % (width + 1);
            if (token > 0) {
                found[row * width + token - 1] = logProb[t];
            }
        }
        check.near("label_logprobs", found, null, LOGITS);
    }

    private static void gradients(Case given, Check check, Engine engine, LanguageModel model) {
        double squares = model.parameters().stream()
                .mapToDouble(p -> engine.kernels().sumOfSquares(p.gradient()))
                .sum();
        check.near("grad_l2_norm", new double[] {Math.sqrt(squares)}, null, GRADIENT);
        if (!given.has("gradients_file")) {
            return;
        }
        try (SafetensorsFile file = SafetensorsFile.open(engine.folder().resolve(given.text("gradients_file")))) {
            for (Parameter parameter : model.parameters()) {
                for (Parameter.Part part : parameter.parts()) {
                    TensorEntry entry = file.tensors().get(part.name());
                    if (entry == null) {
                        throw new IllegalArgumentException(file.path() + " has no gradient of " + part.name());
                    }
                    double[] expected = floats(file, entry);
                    double[] found = rows(engine, parameter.gradient(), part);
                    check.near("gradient of " + part.name(), expected, found, null, GRADIENT);
                }
            }
        }
    }

    private static double[] floats(SafetensorsFile file, TensorEntry entry) {
        float[] floats = file.bytes(entry).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        double[] doubles = new double[floats.length];
        for (int i = 0; i < floats.length; i++) {
            doubles[i] = floats[i];
        }
        return doubles;
    }

    private static double[] rows(Engine engine, Tensor tensor, Parameter.Part part) {
        int columns = tensor.columns();
        double[] all = new double[part.rows() * columns];
        double[] row = new double[columns];
        for (int i = 0; i < part.rows(); i++) {
            engine.kernels().readRow(tensor, part.firstRow() + i, row);
            for (int j = 0; j < columns; j++) {
                all[part.form() == Parameter.Form.TRANSPOSED ? j * part.rows() + i : i * columns + j] = row[j];
            }
        }
        return all;
    }
}
