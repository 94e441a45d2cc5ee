// SPDX-License-Identifier: Apache-2.0
import com.github.tjake.jlama.model.ModelSupport;
import com.github.tjake.jlama.model.functions.Generator;
import com.github.tjake.jlama.safetensors.DType;
import com.github.tjake.jlama.safetensors.prompt.PromptContext;
import java.io.File;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * Jlama on a saved model: tokens of one answer in a second, weights and arithmetic in float32 as ours are. See the README for how to run it.
 *
 * <p>usage: JlamaPeer MODEL THREADS REPEATS
 */
final class JlamaPeer {
    private static final int NEW_TOKENS = 64;

    public static void main(String[] args) throws Exception {
        int threads = Integer.parseInt(args[1]);
        int repeats = Integer.parseInt(args[2]);
        try (Generator model = ModelSupport.loadModel(
                new File(args[0]), null, DType.F32, DType.F32, Optional.empty(), Optional.of(threads))) {
            double decode = 0;
            double prefill = 0;
            String prompt = "one two three four ".repeat(32);
            int length = model.getTokenizer().encode(prompt).length;
            for (int i = 0; i <= repeats; i++) { // the first is warm-up
                Generator.Response r = model.generate(UUID.randomUUID(), PromptContext.of("one"), 1f, NEW_TOKENS);
                Generator.Response p = model.generate(UUID.randomUUID(), PromptContext.of(prompt), 1f, length + 4);
                if (i > 0) {
                    decode = Math.max(decode, 1e3 * r.generatedTokens / r.generateTimeMs);
                    prefill = Math.max(prefill, 1e3 * p.promptTokens / p.promptTimeMs);
                }
            }
            System.out.printf(Locale.ROOT, "{\"decode 1\": %.1f, \"prefill\": %.1f}%n", decode, prefill);
        }
    }
}
