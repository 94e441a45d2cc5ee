// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import java.util.List;
import java.util.Set;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.api.rollout.Completion;
import org.sextant.api.rollout.Decoder;
import org.sextant.api.rollout.Sampling;
import org.sextant.api.rollout.Stop;
import org.sextant.models.LanguageModel;
import org.sextant.models.decoding.CachedDecoder;
import org.sextant.models.decoding.DecodingMemory;
import org.sextant.models.decoding.DecodingSettings;
import org.sextant.models.text.IdsOnly;

/** The most probable tokens after each prompt, all prompts at once through the decoder that rollouts use. */
final class GreedyReplay implements Replay {
    @Override
    public void replay(Case given, Check check, Engine engine) {
        ModelRows prompts = ModelRows.unpadded(given);
        Values expected = given.values("new_tokens", 2);
        given.without("top1_minus_top2_logit");
        try (LanguageModel model = ModelFolder.open(given, engine);
                DecodingMemory memory = new DecodingMemory(
                        model.transformer(),
                        DecodingSettings.forContext(model.config().context()));
                Decoder decoder =
                        new CachedDecoder(memory, new IdsOnly(model.config().vocabulary()))) {
            open(decoder, prompts);
            Stop stop = new Stop(expected.dimension(1), Set.of(), List.of());
            List<Completion> answers = decoder.run(stop, completion -> {});
            for (int row = 0; row < answers.size(); row++) {
                int[] wanted = java.util.Arrays.stream(expected.row(row))
                        .mapToInt(v -> (int) v)
                        .toArray();
                check.same("new_tokens of row " + row, wanted, answers.get(row).tokens());
            }
        }
    }

    private static void open(Decoder decoder, ModelRows prompts) {
        Layout layout = prompts.layout();
        int[] tokens = prompts.batch().get(Standard.TOKENS);
        Streams streams = new Streams(0);
        for (int row = 0; row < layout.rows(); row++) {
            int[] prompt = java.util.Arrays.copyOfRange(tokens, layout.start(row), layout.end(row));
            decoder.open(prompt, Sampling.greedyDecoding(), streams.open(new StreamKey("greedy", 0, row, 0)));
        }
    }
}
