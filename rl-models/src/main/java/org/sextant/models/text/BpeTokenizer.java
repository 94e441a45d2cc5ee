// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.sextant.models.files.JsonFile;
import org.sextant.models.files.KeptFiles;
import org.sextant.models.files.Sha256;

/**
 * The byte-pair tokenizer of a model from the Hugging Face hub (Sennrich et al. 2016, arXiv 1508.07909), computed by the library
 * {@code tokenizers}; {@link SpecialTokens} says where its policy comes from.
 *
 * <ul>
 *   <li>{@link #encode} and {@link #encodePrompt} read special and added tokens where the text spells them out, as {@code transformers} does.
 *   <li>{@link #encodePrompt} puts {@link #bos} in front, if there is one and the text does not begin with it, and nothing behind.
 *   <li>{@link #decode} is exact: {@code clean_up_tokenization_spaces} is passed over, which would take spaces out of texts.
 *   <li>Nothing is ever padded or cut, so padding side, padding token and greatest length mean nothing here; the files that have them are kept.
 * </ul>
 */
public final class BpeTokenizer implements ModelTokenizer {
    /** Name of the file in a model's directory. */
    public static final String FILE = "tokenizer.json";

    // Freed when it is collected: it lives as long as the run.
    private final HuggingFaceTokenizer engine;
    private final SpecialTokens tokens;
    private final int size;
    private final String fingerprint;
    private final KeptFiles files;

    private BpeTokenizer(TokenizerJson json, SpecialTokens tokens, HuggingFaceTokenizer engine, KeptFiles files) {
        this.engine = engine;
        this.tokens = tokens;
        this.size = json.size();
        this.fingerprint = HexFormat.of().formatHex(Sha256.digest().digest(json.engine()));
        this.files = files;
    }

    /** @throws org.sextant.models.files.ModelFileException if a file is missing, damaged, or asks for something that is not built here */
    public static BpeTokenizer load(Path directory) {
        JsonFile file = JsonFile.read(directory.resolve(FILE), KeptFiles.MOST_BYTES);
        TokenizerJson json = TokenizerJson.read(file);
        SpecialTokens tokens = SpecialTokens.read(directory, json);
        return new BpeTokenizer(
                json, tokens, TokenizersLibrary.open(file.path(), json.engine()), KeptFiles.of(directory));
    }

    @Override
    public void save(Path directory) {
        files.writeTo(directory);
    }

    /** @throws IllegalArgumentException if the text is not Unicode: it has half a surrogate pair */
    @Override
    public int[] encode(String text) {
        for (int at = 0, character; at < text.length(); at += Character.charCount(character)) {
            character = text.codePointAt(at);
            if (Character.getType(character) == Character.SURROGATE) {
                throw new IllegalArgumentException("half a surrogate pair (" + String.format("U+%04X", character)
                        + ") at position " + at + " of a text has no id; the text was cut inside a character");
            }
        }
        return LongStream.of(engine.encode(text, false, false).getIds())
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    @Override
    public int[] encodePrompt(String text) {
        int[] ids = encode(text);
        boolean there = bos().isPresent() && ids.length > 0 && ids[0] == bos().getAsInt();
        return there || bos().isEmpty()
                ? ids
                : IntStream.concat(IntStream.of(bos().getAsInt()), IntStream.of(ids))
                        .toArray();
    }

    /** Bytes that are no character, such as half of one at the end, become U+FFFD. */
    @Override
    public String decode(int[] ids) {
        for (int id : ids) {
            if (id < 0 || id >= size) {
                throw new IllegalArgumentException("id " + id + " has no text; ids are 0 to " + (size - 1));
            }
        }
        long[] text = IntStream.of(ids)
                .filter(id -> !tokens.special().contains(id))
                .asLongStream()
                .toArray();
        return engine.decode(text, false);
    }

    @Override
    public int vocabularySize() {
        return size;
    }

    @Override
    public int eos() {
        return tokens.eos();
    }

    @Override
    public Set<Integer> eosIds() {
        return tokens.eosIds();
    }

    @Override
    public OptionalInt bos() {
        return tokens.bos();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BpeTokenizer that && fingerprint.equals(that.fingerprint) && tokens.equals(that.tokens);
    }

    @Override
    public int hashCode() {
        return fingerprint.hashCode();
    }

    @Override
    public String toString() {
        return "BpeTokenizer[" + size + " ids, SHA-256 " + fingerprint.substring(0, 12) + "]";
    }
}
