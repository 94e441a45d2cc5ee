// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.sextant.api.experience.Standard;
import org.sextant.api.model.Role;
import org.sextant.api.output.Head;
import org.sextant.api.phase.Phase;
import org.sextant.models.ModelOptions;
import org.sextant.models.ModelShape;
import org.sextant.models.PlannedMemory;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.kernels.Kernels;
import org.sextant.runner.config.ResolvedConfig;
import org.sextant.runner.config.RunConfig;
import org.sextant.runner.loop.PlannedRole;
import org.sextant.runner.loop.StartingModel;
import org.sextant.runner.wiring.Experiment;

/**
 * The memory that a run will take for its models in the phase that takes most, and what the machine has.
 *
 * @param phase its position
 * @param byRole bytes at most: weights, gradients, optimiser, activations, key/value cache
 * @param available bytes of the machine
 */
record MemoryEstimate(int phase, SortedMap<String, Long> byRole, long available) {
    /** What makes each kind of role smaller. */
    private static final Map<String, String> ADVICE = new LinkedHashMap<>();

    private static final String SHARED =
            "model.adapter, with which all roles share weights, or model.frozen-weights = bf16";

    private static final String BASE = "base";

    static {
        ADVICE.put(
                "_activations",
                "model.recompute-activations = true, or a smaller micro-batch-tokens of the phase's optimiser");
        ADVICE.put("cache", "a smaller decoder.cache-tokens");
        ADVICE.put("optimiser", "model.adapter, which trains a few weights instead of all");
        ADVICE.put("_gradients", "model.adapter, which trains a few weights instead of all");
        ADVICE.put("base", "model.frozen-weights = bf16");
        ADVICE.put(
                "reference_distribution",
                "a smaller reference.distribution-megabytes, or an estimator of the KL from sampled tokens");
        ADVICE.put("reference", "model.frozen-weights = bf16, or no reference (a KL coefficient of 0)");
        ADVICE.put("critic", SHARED);
        ADVICE.put("reward", SHARED);
        ADVICE.put("policy", "model.adapter with model.frozen-weights = bf16, or a smaller model");
    }

    static MemoryEstimate of(Experiment experiment, StartingModel start, Kernels kernels) {
        MemoryEstimate most = new MemoryEstimate(start.phase(), new TreeMap<>(), machine());
        PolicyPlan policy = new PolicyPlan(start.shape(), start.options(), start.base(), 0);
        for (int i = start.phase(); i < experiment.phases().size(); i++) {
            Path from = start.starts().get(i);
            if (from != null) {
                policy = new PolicyPlan(start.shape(from), start.options(from), Optional.of(start.base(from)), 0);
            }
            Phase phase = experiment.phases().get(i);
            if (phase.steps() > 0) {
                policy = policy.training(largestPass(experiment.resolved(), i));
            }
            SortedMap<String, Long> bytes = policy.bytes(phase, experiment.config(), kernels);
            addRoles(bytes, i, phase, policy, start, kernels);
            bytes.put(
                    "reference_distribution",
                    PlannedRole.distributionBytes(phase, experiment.config().maxNewTokens(), policy.shape));
            bytes.values().removeIf(b -> b == 0);
            MemoryEstimate held = new MemoryEstimate(i, bytes, most.available);
            most = held.total() > most.total() ? held : most;
        }
        return most;
    }

    /** What a phase holds besides the policy; adapters for the weights that the policy's is for share them. */
    private static void addRoles(
            SortedMap<String, Long> bytes,
            int number,
            Phase phase,
            PolicyPlan policy,
            StartingModel start,
            Kernels kernels) {
        Set<Path> bases = new HashSet<>();
        policy.base.filter(path -> policy.options.adapter().isPresent()).ifPresent(bases::add);
        for (PlannedRole role : start.roles(number, policy.shape, policy.options)) {
            SortedMap<String, Long> own = role.bytes(policy.tokens, kernels);
            boolean another = own.containsKey(BASE)
                    && role.directory().map(start::base).filter(bases::add).isPresent();
            if (!another) {
                own.remove(BASE);
            }
            own.forEach((name, more) -> bytes.merge(name, more, Long::sum));
        }
    }

    /**
     * A policy, from where it is opened to where a phase starts from another. What it needs to be trained it keeps after the phase that did.
     *
     * @param base directory of the weights that an adapter is on
     * @param tokens in the largest training pass so far
     */
    private record PolicyPlan(ModelShape shape, ModelOptions options, Optional<Path> base, int tokens) {
        PolicyPlan training(int more) {
            return new PolicyPlan(shape, options, base, Math.max(tokens, more));
        }

        /** What the policy holds while a phase runs. */
        SortedMap<String, Long> bytes(Phase phase, RunConfig config, Kernels kernels) {
            SortedMap<String, Long> bytes =
                    shape.bytes(options, heads(phase), Role.POLICY, scored(phase), tokens, kernels);
            if (phase.steps() == 0) {
                bytes.remove(PlannedMemory.optimiser(Role.POLICY));
            }
            bytes.put("cache", shape.cacheBytes(options, config.decoding(shape.context()), kernels));
            return bytes;
        }

        /** A critic with a trunk of its own has its head there. */
        private static Set<Head> heads(Phase phase) {
            boolean elsewhere = phase.needs().trains(Role.CRITIC) && !PlannedRole.criticIsHead(phase);
            return phase.needs().outputs().stream()
                    .filter(Head.class::isInstance)
                    .map(Head.class::cast)
                    .filter(head -> head != Head.VALUE || !elsewhere)
                    .collect(Collectors.toSet());
        }

        /** Tokens of a pass in which the policy is scored and not trained; while a critic is trained alone, those of a micro-batch. */
        private int scored(Phase phase) {
            boolean alone = phase.needs().trains(Role.CRITIC)
                    && phase.roles()
                            .critic()
                            .filter(critic -> critic.pretrainSteps() > 0)
                            .isPresent();
            boolean whole =
                    PlannedRole.criticIsHead(phase) || phase.needs().columns().contains(Standard.SUM_PI_SQUARED);
            return whole ? PlannedMemory.SCORED_AT_ONCE : alone ? Math.min(tokens, PlannedMemory.SCORED_AT_ONCE) : 0;
        }
    }

    /** The largest micro-batch of a phase. */
    private static int largestPass(ResolvedConfig resolved, int phase) {
        String start = "phases[" + phase + "].";
        return resolved.leaves().entrySet().stream()
                .filter(leaf -> leaf.getKey().startsWith(start) && leaf.getKey().endsWith(".micro-batch-tokens"))
                .mapToInt(leaf -> Integer.parseInt(leaf.getValue()))
                .max()
                .orElse(1);
    }

    /** Of the machine, or of the container that the process runs in. */
    private static long machine() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }

    long total() {
        return byRole.values().stream().mapToLong(Long::longValue).sum();
    }

    /** @throws ModelFileException that says what is too large, and which setting makes it smaller */
    void requireFits() {
        if (total() <= available) {
            return;
        }
        StringBuilder message = new StringBuilder(
                "the run needs up to " + gigabytes(total()) + " in phase " + (phase + 1) + ", the machine has "
                        + gigabytes(available) + "; the largest parts, and what makes them smaller:");
        byRole.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(3)
                .filter(part -> part.getValue() > total() / 20)
                .forEach(part -> message.append("\n  ")
                        .append(part.getKey())
                        .append(", ")
                        .append(gigabytes(part.getValue()))
                        .append(": ")
                        .append(advice(part.getKey())));
        throw new ModelFileException(message.toString());
    }

    private static String advice(String role) {
        return ADVICE.entrySet().stream()
                .filter(e -> role.endsWith(e.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("a smaller model");
    }

    private static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    }

    /** A line for each role, and the sum. */
    String text() {
        StringBuilder text =
                new StringBuilder("bytes by role, at most, in phase " + (phase + 1) + ", which takes most:\n");
        byRole.forEach((role, n) -> text.append(String.format(Locale.ROOT, "  %-22s %,16d%n", role, n)));
        text.append(String.format(
                Locale.ROOT, "  %-22s %,16d of %,d that the machine has%n", "together", total(), available));
        return text.toString();
    }
}
