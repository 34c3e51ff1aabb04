import { useData, withBase } from 'vitepress'
import DefaultTheme from 'vitepress/theme-without-fonts'
import { defineComponent, h, onMounted } from 'vue'
import 'katex/dist/katex.min.css'
import './style.css'

/** What a reader can try, on the first page alone; its script is made by the site's build (tools/playground.ts). */
const Playground = defineComponent({
  setup() {
    onMounted(() => import(/* @vite-ignore */ withBase('/playground/playground.js')).catch(() => {}))
    return () => h('maf-playground')
  },
})

const Layout = defineComponent({
  setup() {
    const { page } = useData()
    const before = () => (page.value.relativePath === 'index.md' ? h(Playground) : null)
    return () => h(DefaultTheme.Layout, null, { 'doc-before': before })
  },
})

export default { extends: DefaultTheme, Layout }
