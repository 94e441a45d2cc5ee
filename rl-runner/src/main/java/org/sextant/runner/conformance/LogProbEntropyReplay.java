// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

/** Log-probability, entropy and Σπ² of rows of logits, with their gradients, through the head's kernels. */
final class LogProbEntropyReplay implements Replay {
    @Override
    public void replay(Case given, Check check, Engine engine) {
        Values logits = given.values("logits", 3);
        int[] labels = given.values("labels", 2).ints();
        double temperature = given.hyper("temperature");
        Precision precision = engine.precision();
        try (Logits rows = new Logits(engine.kernels(), byToken(logits))) {
            Logits.Statistics found = rows.statistics(labels, temperature);
            check.value("logprobs", found.logProb(), null, precision);
            check.value("entropy", found.entropy(), null, precision);
            check.value("sum_pi_squared", found.sumPiSquared(), null, precision);
            check.value("cross_entropy_mean", new double[] {Likelihood.of(found).loss()}, null, precision);
            if (given.has("log_softmax")) {
                check.value("log_softmax", rows.logSoftmax(temperature), null, precision);
            }
            double[] byLogProb = given.values("weights_logprob", 2).flat();
            double[] byEntropy = given.values("weights_entropy", 2).flat();
            check.gradient(
                    "grad_logits_of_weighted_logprobs",
                    rows.gradient(labels, temperature, byLogProb, null),
                    null,
                    precision);
            check.gradient(
                    "grad_logits_of_weighted_entropy",
                    rows.gradient(labels, temperature, null, byEntropy),
                    null,
                    precision);
        }
    }

    /** [B, T, V] as B·T rows of logits. */
    static double[][] byToken(Values logits) {
        int tokens = logits.dimension(0) * logits.dimension(1);
        return new Values(new int[] {tokens, logits.dimension(2)}, logits.flat()).rows();
    }
}
