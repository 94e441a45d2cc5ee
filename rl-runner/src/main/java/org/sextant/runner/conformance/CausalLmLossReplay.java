// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import java.util.ArrayList;
import java.util.List;

/** Cross entropy of next tokens, where position t predicts label t + 1 and some labels do not count. */
final class CausalLmLossReplay implements Replay {
    @Override
    public void replay(Case given, Check check, Engine engine) {
        Values logits = given.values("logits", 3);
        double[][] all = LogProbEntropyReplay.byToken(logits);
        int[] labels = given.values("labels", 2).ints();
        int[] positions = predicting(labels, logits.dimension(1), (int) given.hyper("ignore_index", -100));
        double[][] rows = new double[positions.length][];
        int[] targets = new int[positions.length];
        for (int i = 0; i < positions.length; i++) {
            rows[i] = all[positions[i]];
            targets[i] = labels[positions[i] + 1];
        }
        try (Logits counted = new Logits(engine.kernels(), rows)) {
            Likelihood mean = Likelihood.of(counted.statistics(targets, 1));
            Likelihood loss =
                    given.hasHyper("num_items_in_batch") ? mean.perTokenOf(given.hyper("num_items_in_batch")) : mean;
            check.value("loss", new double[] {loss.loss()}, null, engine.precision());
            double[] gradient = counted.gradient(targets, 1, loss.gradient(), null);
            check.gradient("grad_logits", spread(gradient, positions, logits), null, engine.precision());
        }
    }

    /** Flat positions whose next label counts. */
    private static int[] predicting(int[] labels, int width, int ignored) {
        List<Integer> positions = new ArrayList<>();
        for (int i = 0; i + 1 < labels.length; i++) {
            if ((i + 1) % width != 0 && labels[i + 1] != ignored) {
                positions.add(i);
            }
        }
        return positions.stream().mapToInt(Integer::intValue).toArray();
    }

    private static double[] spread(double[] gradient, int[] positions, Values logits) {
        int vocabulary = logits.dimension(2);
        double[] all = new double[logits.flat().length];
        for (int i = 0; i < positions.length; i++) {
            System.arraycopy(gradient, i * vocabulary, all, positions[i] * vocabulary, vocabulary);
        }
        return all;
    }
}
