import { copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readSafetensors, storeFloat32, writeSafetensors } from '@mafjs/tensor/safetensors'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  textEncoderConfigFromHuggingFace,
  textEncoderConfigToHuggingFace,
} from '../../src/checkpoint/hugging-face-config'
import { loadTextEncoder } from '../../src/checkpoint/load-text-encoder'
import { createTextEncoder } from '../../src/text/create-text-encoder'
import { completeTextEncoderConfig, type TextEncoderConfig } from '../../src/text/text-encoder-config'
import { TEXT_ENCODER_KINDS } from '../../src/text/text-encoder-traits'
import { createTokenBatch } from '../../src/text/token-batch'
import { tokenizerFromVocab } from '../../src/tokenizer/tokenizer-from-vocab'

const vocab = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'the', 'cat', '##s']
const config: TextEncoderConfig = {
  kind: 'bert',
  vocabSize: 8,
  hidden: 4,
  layers: 2,
  heads: 2,
  intermediate: 6,
  maxPositions: 7,
  summary: 'pooler',
  seed: 4,
}

let root: string
let folder: string
let count = 0
const encoder = () => createTextEncoder(config)

beforeAll(async () => {
  await tf.setBackend('cpu')
  root = await mkdtemp(join(tmpdir(), 'maf-bert-'))
})
beforeEach(async () => {
  folder = join(root, `checkpoint-${count++}`)
  await mkdir(folder)
  await put('config.json', JSON.stringify(textEncoderConfigToHuggingFace(config)))
  await put('vocab.txt', `${vocab.join('\n')}\n`)
  await putWeights('model.safetensors', name => name)
})
afterAll(() => rm(root, { recursive: true, force: true }))

const put = (name: string, content: string | Uint8Array) => writeFile(join(folder, name), content)

/** The encoder's tensors under other names; a name of undefined is left out. */
async function putWeights(file: string, rename: (name: string) => string | undefined, more: string[] = []) {
  const tensors = Object.entries(encoder().parameters()).flatMap(([name, variable]) => {
    const renamed = rename(name)
    return renamed ? [[renamed, storeFloat32(variable.dataSync() as Float32Array, variable.shape)]] : []
  })
  const heads = more.map(name => [name, storeFloat32(new Float32Array(2), [2])])
  await put(file, writeSafetensors(Object.fromEntries([...tensors, ...heads])))
}

const outputs = (from: { apply: ReturnType<typeof encoder>['apply'] }) => {
  const { states, summary } = from.apply(
    createTokenBatch(
      [
        [2, 5, 6, 3],
        [2, 3],
      ],
      { vocabSize: 8 },
    ),
  )
  return [states.arraySync(), summary.arraySync()]
}

describe('loadTextEncoder', () => {
  test('gives the encoder that was saved, and its tokenizer', async () => {
    const { encoder: loaded, tokenizer, report } = await loadTextEncoder(folder, { summary: 'pooler' })
    expect(outputs(loaded)).toEqual(outputs(encoder()))
    expect(tokenizer.encodeWords(['The', 'cats']).ids).toEqual([2, 5, 6, 7, 3])
    expect(tokenizer.maxLength).toBe(7)
    expect(report).toEqual({
      file: join(folder, 'model.safetensors'),
      extra: [],
      notes: [
        expect.stringMatching(/no token of the vocabulary has a capital letter, so text is lower-cased/),
      ],
    })
  })

  test('reads the names of old checkpoints with heads, and lists the heads', async () => {
    await rm(join(folder, 'model.safetensors'))
    const old = (name: string) =>
      `bert.${name.replace('LayerNorm.weight', 'LayerNorm.gamma').replace('LayerNorm.bias', 'LayerNorm.beta')}`
    await putWeights('pytorch_model.bin', old, ['cls.predictions.bias', 'bert.embeddings.position_ids'])
    const { encoder: loaded, report } = await loadTextEncoder(folder)
    expect(outputs(loaded)[0]).toEqual(outputs(encoder())[0])
    expect(report.file).toBe(join(folder, 'pytorch_model.bin'))
    expect(report.extra.sort()).toEqual(['cls.predictions.bias', 'pooler.dense.bias', 'pooler.dense.weight'])
  })

  test('prefers tokenizer.json, and takes the dropouts it is given', async () => {
    const { definition } = tokenizerFromVocab(vocab, { lowercase: false })
    await put('tokenizer.json', JSON.stringify(definition))
    const {
      encoder: loaded,
      tokenizer,
      report,
    } = await loadTextEncoder(folder, { hiddenDropout: 0, maxLength: 5 })
    expect(tokenizer.encodeWords(['The', 'cat']).ids).toEqual([2, 1, 6, 3])
    expect(tokenizer.maxLength).toBe(5)
    expect(loaded.config).toMatchObject({ summary: 'cls', hiddenDropout: 0, attentionDropout: 0.1 })
    expect(report.notes).toEqual([])
  })

  test.each([
    [{ do_lower_case: false }, {}, [2, 1, 3]],
    [{ do_lower_case: true }, {}, [2, 5, 3]],
    [{ do_lower_case: true }, { lowercase: false }, [2, 1, 3]],
    [{ unk_token: { content: 'cat' } }, {}, [2, 5, 3]],
  ])('tokenizer_config.json %j with options %j', async (content, options, ids) => {
    await put('tokenizer_config.json', JSON.stringify(content))
    const { tokenizer } = await loadTextEncoder(folder, options)
    expect(tokenizer.encodeWords(['The']).ids).toEqual(ids)
    if ('unk_token' in content) expect(tokenizer.encodeWords(['zzz']).ids).toEqual([2, 6, 3])
  })

  test('a vocabulary with capital letters is cased', async () => {
    await put('vocab.txt', vocab.join('\n').replace('cat', 'Cat'))
    const { tokenizer } = await loadTextEncoder(folder)
    expect(tokenizer.encodeWords(['Cat', 'cat']).ids).toEqual([2, 6, 1, 3])
  })
})

describe('a broken checkpoint', () => {
  const failure = async (): Promise<string> => {
    const before = tf.memory().numTensors
    const message = await loadTextEncoder(folder).then(
      () => 'loaded',
      error => `${error.name}: ${error.message}`,
    )
    expect(tf.memory().numTensors).toBe(before)
    return message
  }

  test('every missing and misshaped tensor is named, with the file', async () => {
    const absent = ['embeddings.LayerNorm.bias', 'encoder.layer.1.output.dense.weight']
    await putWeights('model.safetensors', name => (absent.includes(name) ? undefined : name))
    const json = { ...textEncoderConfigToHuggingFace(config), vocab_size: 9, type_vocab_size: 1 }
    await put('config.json', JSON.stringify(json))
    const message = await failure()
    expect(message).toContain(`InvalidArgumentError: ${join(folder, 'model.safetensors')}: `)
    for (const name of absent) expect(message).toContain(name)
    expect(message).toContain('embeddings.word_embeddings.weight (expected [9, 4], received [8, 4])')
    expect(message).toContain('embeddings.token_type_embeddings.weight (expected [1, 4], received [2, 4])')
  })

  test.each([
    'encoder.layer.0.attention.self.query.lora_A',
    'encoder.layer.1.output.adapters.ner.adapter_down.0.weight',
    'encoder.layer.2.output.dense.weight',
    'embeddings.rank_embeddings.weight',
    'encoder.relative_attention_bias.weight',
  ])('a tensor without a place is named: %s', async name => {
    for (const prefix of ['', 'bert.', 'module.bert.']) {
      await putWeights('model.safetensors', own => `${prefix}${own}`, [`${prefix}${name}`])
      expect(await failure()).toContain(`tensors without a place: ${name}.`)
    }
  })

  test.each([
    [
      { model_type: 'deberta' },
      /config\.json: model_type must be one of bert, roberta, xlm-roberta, camembert, distilbert, electra, modernbert, deberta-v2\. Received: deberta/,
    ],
    [
      { architectures: [], model_type: 'roberta', pad_token_id: 1, max_position_embeddings: 2 },
      /max_position_embeddings must be more than 2/,
    ],
    [
      { architectures: [], model_type: 'roberta', pad_token_id: null },
      /pad_token_id must be a number\. Received: null/,
    ],
    [
      { architectures: [], model_type: 'distilbert', activation: 'relu', dim: 4 },
      /config\.json: activation must be "gelu"\. Received: relu/,
    ],
    [{ hidden_act: 'relu' }, /hidden_act must be "gelu"\. Received: relu/],
    [{ position_embedding_type: 'relative_key' }, /position_embedding_type must be "absolute"/],
    [{ is_decoder: true }, /is_decoder must be false\. Received: true/],
    [{ pruned_heads: { 0: [1] } }, /pruned_heads must be \{\}/],
    [
      { quantization_config: { bits: 8 } },
      /quantization_config must be a field that is known\. Received: \{"bits":8\}/,
    ],
    [{ hidden_size: undefined }, /config\.json: hidden_size must be a number\. Received: undefined/],
    [{ num_attention_heads: 3 }, /heads must divide hidden = 4/],
    [{ vocab_size: 7 }, /must have ids below the vocabSize of config\.json, 7\. Received: ids up to 7/],
  ])('refuses %j', async (change, message) => {
    await put('config.json', JSON.stringify({ ...textEncoderConfigToHuggingFace(config), ...change }))
    expect(await failure()).toMatch(message)
  })

  test.each(['config.json', 'vocab.txt', 'model.safetensors'])('names a missing %s', async name => {
    await rm(join(folder, name))
    expect(await failure()).toMatch(
      /must hold (config\.json|a tokenizer|model\.safetensors, .* or model\.fp16)/,
    )
  })

  test('names a file that is no JSON', async () => {
    await put('config.json', '{"hidden_size": ')
    expect(await failure()).toContain(`${join(folder, 'config.json')} must be JSON`)
    await put('config.json', '[]')
    expect(await failure()).toContain('must hold a JSON object')
  })

  test('refuses switches that a vocabulary alone cannot express', async () => {
    await put('tokenizer_config.json', '{"tokenize_chinese_chars": false}')
    expect(await failure()).toMatch(/tokenizer_config\.json: tokenize_chinese_chars must be true/)
    await copyFile(join(folder, 'vocab.txt'), join(folder, 'tokenizer.json'))
    expect(await failure()).toMatch(/tokenizer\.json must be JSON/)
  })
})

describe.each(TEXT_ENCODER_KINDS)('the configuration of %s', kind => {
  const { typeVocabSize: _, ...sizes } = config
  const full = completeTextEncoderConfig({ ...sizes, kind, summary: 'cls', seed: 0 })

  test('survives the way to Hugging Face and back', () => {
    const json = JSON.parse(JSON.stringify(textEncoderConfigToHuggingFace(full)))
    expect(textEncoderConfigFromHuggingFace(json)).toEqual(full)
    expect(json).toMatchObject({
      model_type: kind,
      [kind === 'distilbert' ? 'dim' : 'hidden_size']: 4,
      max_position_embeddings: /roberta|camembert/.test(kind) ? 9 : 7,
      [{ distilbert: 'activation', modernbert: 'hidden_activation' }[kind as string] ?? 'hidden_act']: 'gelu',
    })
  })
})

test('what a RoBERTa leaves out is what its own class would take', () => {
  const sizes = { vocab_size: 9, hidden_size: 4, num_hidden_layers: 1, num_attention_heads: 2 }
  const json = { model_type: 'roberta', ...sizes, intermediate_size: 8 }
  expect(textEncoderConfigFromHuggingFace(json)).toMatchObject({
    maxPositions: 510,
    padId: 1,
    typeVocabSize: 2,
    layerNormEpsilon: 1e-12,
  })
})

describe('a tensor beside those that transformers wrote', () => {
  const withTensor = async (kind: string, name: string): Promise<void> => {
    await cp(fileURLToPath(new URL(`../fixtures/text-encoders/${kind}`, import.meta.url)), folder, {
      recursive: true,
    })
    const file = join(folder, 'model.safetensors')
    const { tensors } = readSafetensors(new Uint8Array(await readFile(file)))
    await put(
      'model.safetensors',
      writeSafetensors({ ...tensors, [name]: storeFloat32(new Float32Array(2), [2]) }),
    )
  }

  test.each([
    ['electra', 'electra.encoder.layer.1.adapter.weight', 'encoder.layer.1.adapter.weight'],
    ['modernbert', 'model.layers.1.mlp.Wi.lora_A', 'encoder.layer.1.intermediate.dense.lora_A'],
    ['modernbert', 'model.layers.0.attn_norm.weight', 'encoder.layer.0.attention.LayerNorm.weight'],
    ['deberta-v2', 'deberta.encoder.conv.conv.weight', 'encoder.layer.0.convolution.weight'],
    [
      'deberta-v2',
      'deberta.encoder.layer.0.attention.self.pos_key_proj.weight',
      'encoder.layer.0.attention.self.pos_key.weight',
    ],
  ])('of %s has no place: %s', async (kind, name, ours) => {
    await withTensor(kind, name)
    await expect(loadTextEncoder(folder)).rejects.toThrow(`tensors without a place: ${ours}.`)
  })

  test('is left aside where it is a table of positions that a DeBERTa does not add', async () => {
    await withTensor('deberta-v2', 'deberta.embeddings.position_embeddings.weight')
    expect((await loadTextEncoder(folder)).report.extra).toContain('embeddings.position_embeddings.weight')
  })
})

describe('a ModernBERT of before layer_types', () => {
  const json = {
    ...{
      model_type: 'modernbert',
      vocab_size: 50368,
      hidden_size: 768,
      num_hidden_layers: 22,
      num_attention_heads: 12,
    },
    ...{
      intermediate_size: 1152,
      max_position_embeddings: 8192,
      pad_token_id: 50283,
      norm_eps: 1e-5,
      norm_bias: false,
    },
    ...{
      global_attn_every_n_layers: 3,
      local_attention: 128,
      global_rope_theta: 160000,
      local_rope_theta: 10000,
    },
    ...{
      layer_norm_eps: 1e-5,
      position_embedding_type: 'absolute',
      hidden_activation: 'gelu',
      tie_word_embeddings: true,
    },
    ...{ embedding_dropout: 0, mlp_dropout: 0, attention_dropout: 0, attention_bias: false, mlp_bias: false },
  }

  test.each([
    ['flat', { rope_type: 'default', rope_theta: 7 }],
    ['of layers that it does not have', { linear_attention: { rope_theta: 7 } }],
    ['no object', 7],
  ])('whose rope_parameters are %s is refused', (_, rope_parameters) => {
    expect(() => textEncoderConfigFromHuggingFace({ ...json, rope_parameters })).toThrow(
      /rope_parameters must have an object for each/,
    )
  })

  test('is the published model, and the default', () => {
    const rates = { hiddenDropout: 0, attentionDropout: 0 }
    expect(textEncoderConfigFromHuggingFace(json)).toEqual(
      completeTextEncoderConfig({ kind: 'modernbert', vocabSize: 50368, ...rates }),
    )
  })

  test.each([
    [{ attention_bias: true }, /attention_bias must be false/],
    [{ embedding_dropout: 0.1 }, /embedding_dropout must be mlp_dropout, 0\. Received: 0\.1/],
    [
      { layer_types: ['full_attention'] },
      /layer_types must list full_attention or sliding_attention for each of 22/,
    ],
    [{ global_attn_every_n_layers: 0 }, /global_attn_every_n_layers must be a positive whole number/],
    [{ num_hidden_layers: 1e12 }, /layers must be at most 1000/],
    [{ local_rope_theta: null }, /local_rope_theta must be a number\. Received: null/],
    [
      { rope_parameters: { full_attention: { rope_type: 'yarn', factor: 4 } } },
      /rope_parameters must be those of rope_type "default" for full_attention\. Received: factor/,
    ],
  ])('refuses %j', (change, message) => {
    expect(() => textEncoderConfigFromHuggingFace({ ...json, ...change })).toThrow(message)
  })
})

describe('a DeBERTa', () => {
  const json = {
    ...{
      model_type: 'deberta-v2',
      vocab_size: 128100,
      hidden_size: 768,
      num_hidden_layers: 12,
      num_attention_heads: 12,
    },
    ...{
      intermediate_size: 3072,
      max_position_embeddings: 512,
      type_vocab_size: 0,
      layer_norm_eps: 1e-7,
      hidden_act: 'gelu',
    },
    ...{
      relative_attention: true,
      position_buckets: 256,
      max_relative_positions: -1,
      position_biased_input: false,
    },
    ...{ pos_att_type: 'p2c|c2p', share_att_key: true, norm_rel_ebd: 'layer_norm', hidden_dropout_prob: 0.1 },
  }

  test('of the third version is the published model, and the default', () => {
    expect(textEncoderConfigFromHuggingFace(json)).toEqual(
      completeTextEncoderConfig({ kind: 'deberta-v2', vocabSize: 128100 }),
    )
  })

  test.each([
    [{ relative_attention: false }, /relative_attention must be true\. Received: false/],
    [{ pos_att_type: 'p2p' }, /pos_att_type must name c2p, p2c or both\. Received: p2p/],
    [{ norm_rel_ebd: 'batch_norm' }, /norm_rel_ebd must be "none" or "layer_norm"/],
    [{ embedding_size: 128 }, /embedding_size must be 768/],
    [{ attention_head_size: 32 }, /attention_head_size must be 64/],
    [{ conv_kernel_size: 3, conv_groups: 2 }, /conv_groups must be 1/],
    [{ conv_kernel_size: 3, conv_act: 'relu' }, /conv_act must be "tanh" or "gelu"/],
    [{ conv_kernel_size: 2 }, /disentangled\.convolution\.size must be an odd number/],
    [{ position_buckets: '256' }, /position_buckets must be a number/],
    [{ max_position_embeddings: 1e12 }, /maxPositions must be at most 1048576/],
    [{ z_steps: 2 }, /z_steps must be a field that is known/],
  ])('refuses %j', (change, message) => {
    expect(() => textEncoderConfigFromHuggingFace({ ...json, ...change })).toThrow(message)
  })
})

test('a config.json whose classes are of another network than its model_type is refused', () => {
  const { model_type: _, ...sizes } = textEncoderConfigToHuggingFace({ kind: 'bert', vocabSize: 9 })
  const read = (model_type: string, architecture: string) =>
    textEncoderConfigFromHuggingFace({ ...sizes, model_type, architectures: [architecture] }).kind
  expect(() => read('bert', 'RobertaForMaskedLM')).toThrow(
    'model_type must be that of its architectures, RobertaForMaskedLM. Received: bert',
  )
  expect(() => read('roberta', 'BertModel')).toThrow('architectures, BertModel. Received: roberta')
  expect(read('xlm-roberta', 'RobertaForTokenClassification')).toBe('xlm-roberta')
  expect(read('bert', 'BertCRFForMyTask')).toBe('bert')
})
