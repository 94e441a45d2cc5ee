// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.sextant.api.model.Role;
import org.sextant.api.output.Head;
import org.sextant.api.phase.Phase;
import org.sextant.models.ModelOptions;
import org.sextant.models.PlannedMemory;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.transformer.TransformerConfig;
import org.sextant.runner.config.ResolvedConfig;
import org.sextant.runner.loop.StartingModel;
import org.sextant.runner.wiring.Experiment;

/**
 * The memory that a run will take for its models, and what the machine has.
 *
 * @param byRole bytes at most: weights, gradients, optimiser, activations, key/value cache
 * @param available bytes of the machine
 */
record MemoryEstimate(SortedMap<String, Long> byRole, long available) {
    /** What makes each kind of role smaller. */
    private static final Map<String, String> ADVICE = new LinkedHashMap<>();

    static {
        ADVICE.put(
                "_activations",
                "model.recompute-activations = true, or a smaller micro-batch-tokens of the phase's optimiser");
        ADVICE.put("cache", "a smaller decoder.cache-tokens");
        ADVICE.put("optimiser", "model.adapter, which trains a few weights instead of all");
        ADVICE.put("_gradients", "model.adapter, which trains a few weights instead of all");
        ADVICE.put("base", "model.frozen-weights = bf16");
        ADVICE.put("reference", "model.frozen-weights = bf16, or no reference (a KL coefficient of 0)");
        ADVICE.put("policy", "model.adapter with model.frozen-weights = bf16, or a smaller model");
    }

    static MemoryEstimate of(Experiment experiment, StartingModel start, Kernels kernels) {
        TransformerConfig shape = start.shape();
        boolean trains = experiment.phases().stream().anyMatch(p -> p.steps() > 0);
        Set<Head> heads = new HashSet<>();
        Set<Role> frozen = new TreeSet<>();
        for (Phase phase : experiment.phases()) {
            frozen.addAll(phase.needs().roles());
            phase.needs().outputs().forEach(output -> {
                if (output instanceof Head head) {
                    heads.add(head);
                }
            });
        }
        int tokens = largestPass(experiment.resolved());
        ModelOptions options = start.options();
        SortedMap<String, Long> bytes =
                new TreeMap<>(PlannedMemory.bytes(shape, options, heads, Role.POLICY, trains, tokens, kernels));
        for (Role role : frozen) {
            bytes.putAll(PlannedMemory.bytes(shape, options, Set.of(), role, false, tokens, kernels));
        }
        bytes.put("cache", PlannedMemory.cacheBytes(shape, experiment.config().decoding(shape.context()), kernels));
        bytes.values().removeIf(b -> b == 0);
        return new MemoryEstimate(bytes, machine());
    }

    /** The largest micro-batch of any phase. */
    private static int largestPass(ResolvedConfig resolved) {
        return resolved.leaves().entrySet().stream()
                .filter(leaf -> leaf.getKey().endsWith(".micro-batch-tokens"))
                .mapToInt(leaf -> Integer.parseInt(leaf.getValue()))
                .max()
                .orElse(1);
    }

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
        StringBuilder message = new StringBuilder("the run needs up to " + gigabytes(total()) + ", the machine has "
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
        StringBuilder text = new StringBuilder("bytes by role, at most:\n");
        byRole.forEach((role, n) -> text.append(String.format(Locale.ROOT, "  %-22s %,16d%n", role, n)));
        text.append(String.format(
                Locale.ROOT, "  %-22s %,16d of %,d that the machine has%n", "together", total(), available));
        return text.toString();
    }
}
