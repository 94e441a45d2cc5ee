// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.kl;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.sextant.algorithms.Trial;
import org.sextant.algorithms.credit.ToyPolicy;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.output.Entropy;
import org.sextant.api.output.KlToReference;
import org.sextant.api.output.LogProb;
import org.sextant.api.output.LogitsRow;
import org.sextant.api.output.Output;
import org.sextant.api.output.VocabularyReduction;
import org.sextant.api.testkit.Batches;

/**
 * All answers of a small policy as one batch, each a row after a prompt of one token, and expectations over them.
 *
 * @param policy samples and learns
 * @param reference what the KL is measured from
 */
record Enumerated(ToyPolicy policy, ToyPolicy reference) {
    List<int[]> answers() {
        return policy.answers();
    }

    /** KL(π ‖ π_ref) of whole answers. */
    double kl() {
        return expectation(answer -> Math.log(policy.probability(answer) / reference.probability(answer)));
    }

    double expectation(ToDoubleFunction<int[]> of) {
        return answers().stream()
                .mapToDouble(answer -> policy.probability(answer) * of.applyAsDouble(answer))
                .sum();
    }

    /** Σ_t of an estimator over an answer. */
    double sum(Kl kl, int[] answer) {
        double[] logp = new double[answer.length];
        double[] ref = new double[answer.length];
        Arrays.setAll(logp, t -> Math.log(policy.probability(answer, t)));
        Arrays.setAll(ref, t -> Math.log(reference.probability(answer, t)));
        return Arrays.stream(kl.estimate(logp, ref)).sum();
    }

    /** Sampled by this policy, with all that the KL axis may ask for. */
    Experience batch(double[] rewards) {
        int rows = answers().size();
        int[] lengths = answers().stream().mapToInt(answer -> answer.length + 1).toArray();
        int[] prompts = new int[rows];
        Arrays.fill(prompts, 1);
        int tokens = Arrays.stream(lengths).sum();
        double[] logp = new double[tokens];
        double[] ref = new double[tokens];
        double[] full = new double[tokens];
        float[][] distribution = new float[tokens][];
        int at = 0;
        for (int[] answer : answers()) {
            at++;
            for (int t = 0; t < answer.length; t++, at++) {
                logp[at] = Math.log(policy.probability(answer, t));
                ref[at] = Math.log(reference.probability(answer, t));
                full[at] = kl(policy.distribution(answer, t), reference.distribution(answer, t));
                distribution[at] = floats(logs(reference.distribution(answer, t)));
            }
        }
        return Batches.rows(lengths)
                .prompts(prompts)
                .group(new int[rows])
                .reward(rewards)
                .with(Standard.OLD_LOGP, logp)
                .with(Standard.REF_LOGP, ref)
                .with(Standard.FULL_KL, full)
                .with(Standard.REF_DISTRIBUTION, distribution)
                .with(Standard.GREEDY_REWARD, new double[rows])
                .build();
    }

    /** Expected gradient by the policy's logits of an algorithm's loss whose weights are those of a mean over answers of sums over tokens. */
    double[] gradient(Algorithm algorithm, double[] rewards) {
        Experience batch = batch(rewards);
        Experience credited = batch.with(algorithm.credit(batch, new Metrics()));
        Map<Output, double[]> outputs = new LinkedHashMap<>();
        outputs.put(new LogProb(), batch.get(Standard.OLD_LOGP));
        outputs.put(new Entropy(), new double[batch.layout().tokens()]);
        outputs.put(new KlToReference(), batch.get(Standard.FULL_KL));
        Trial trial = Trial.of(algorithm, credited, credited, outputs);
        double[] full = trial.evaluation().gradients().get(new KlToReference());
        VocabularyReduction reduction = new KlToReference().over(batch);
        double[] gradient = new double[policy.parameters()];
        int at = 0;
        for (int[] answer : answers()) {
            double weight = policy.probability(answer) * answers().size();
            at++;
            for (int t = 0; t < answer.length; t++, at++) {
                policy.addGradient(answer, t, weight * trial.gradient()[at], gradient);
                double[] logits = logs(policy.distribution(answer, t));
                double[] ofState = new double[logits.length];
                reduction.backward(new LogitsRow().set(logits, answer[t], at), weight * full[at], ofState);
                int first = ToyPolicy.state(answer, t) * logits.length;
                for (int v = 0; v < logits.length; v++) {
                    gradient[first + v] += ofState[v];
                }
            }
        }
        return gradient;
    }

    static double kl(double[] p, double[] q) {
        double kl = 0;
        for (int v = 0; v < p.length; v++) {
            kl += p[v] * Math.log(p[v] / q[v]);
        }
        return kl;
    }

    private static double[] logs(double[] probabilities) {
        return Arrays.stream(probabilities).map(Math::log).toArray();
    }

    private static float[] floats(double[] numbers) {
        float[] floats = new float[numbers.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) numbers[i];
        }
        return floats;
    }
}
