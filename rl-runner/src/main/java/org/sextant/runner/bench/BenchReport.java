// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/**
 * What was measured.
 *
 * @param kernels which, with their width and threads
 * @param threads of the kernels
 * @param gemmGflops of a product of 1024 × 1024 matrices
 * @param train training steps
 * @param rollout sampled tokens; prompts are in the time but not in the count
 * @param gemmTrain the products of training steps alone
 * @param gemmRollout the products of sampling alone
 * @param flopsPerToken operations of the products of a trained token
 */
public record BenchReport(
        String kernels,
        int threads,
        double gemmGflops,
        Throughput train,
        Throughput rollout,
        Throughput gemmTrain,
        Throughput gemmRollout,
        double flopsPerToken) {
    /**
     * One JSON object with the keys of the peer script that measures PyTorch on the same shapes, where {@code torch} and {@code blas_core}
     * are null, and ours.
     */
    public String json() {
        ObjectNode top = new ObjectMapper().createObjectNode();
        top.putNull("torch");
        top.put("threads", threads);
        top.putNull("blas_core");
        top.put("gemm_gflops", rounded(gemmGflops));
        put(top.putObject("train"), train);
        put(top.putObject("rollout"), rollout);
        top.putObject("gemm_only")
                .put("train", rounded(gemmTrain.tokensPerSecond()))
                .put("rollout", rounded(gemmRollout.tokensPerSecond()));
        top.put("flops_per_token", flopsPerToken);
        top.put("kernels", kernels);
        return top.toString();
    }

    private static void put(ObjectNode into, Throughput throughput) {
        into.put("tokens_per_second", rounded(throughput.tokensPerSecond()));
        into.put("tokens_per_cpu_second", rounded(throughput.tokensPerCpuSecond()));
    }

    private static double rounded(double number) {
        return Math.round(number * 10) / 10.0;
    }

    /** The same for people. */
    public List<String> lines() {
        return List.of(
                "kernels   " + kernels,
                String.format(Locale.ROOT, "gemm      %.1f GFLOP/s (1024 x 1024)", gemmGflops),
                line("train", train, gemmTrain),
                line("rollout", rollout, gemmRollout));
    }

    private static String line(String what, Throughput whole, Throughput products) {
        return String.format(
                Locale.ROOT,
                "%-9s %,.0f tokens/s, %,.0f per processor second; products alone %,.0f tokens/s (%.0f %% of the time)",
                what,
                whole.tokensPerSecond(),
                whole.tokensPerCpuSecond(),
                products.tokensPerSecond(),
                100 * whole.tokensPerSecond() / products.tokensPerSecond());
    }
}
