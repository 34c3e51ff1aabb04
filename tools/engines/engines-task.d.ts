import type { RunKey } from '@mafjs/compile';
import type { MafConfig } from '@mafjs/ner-maf';
import type { TrainingBatch } from '../../packages/ner-maf/src/train/trainer';
/** What both engines are given at one step. */
export interface TaskStep {
    batch: TrainingBatch;
    /** What its dropout is drawn from. */
    run: RunKey;
}
/** What both engines are given. */
export interface EnginesTask {
    config: MafConfig;
    /** Counted from 0. */
    step(index: number): Promise<TaskStep>;
}
/** How large it is. */
export interface EnginesTaskOptions {
    posts: number;
    batchSize: number;
    /** Whether pictures go through a CNN, or through patches where a backend cannot train one. */
    pictures: 'cnn' | 'patches';
}
/** The demo's task: MAF with everything that can differ between engines, dropout and exchanged pictures included. */
export declare function createEnginesTask({ posts, batchSize, pictures }: EnginesTaskOptions): EnginesTask;
