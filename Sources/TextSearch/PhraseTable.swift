/// Words whose characters are read otherwise than usual, or by whose company one reading is certain.
///
/// Facts put down by hand, one word a line as simplified characters and syllables; a longer word goes before a
/// shorter one. A traditional 乾 is folded to 干: 乾隆 stands here as 干隆.
struct PhraseTable: Sendable {
    /// The one table of this process.
    static let shared = PhraseTable()

    /// Words by their first character, the longest first: the characters, and a syllable number for each.
    private var words: [UInt32: [(units: [UInt32], syllables: [UInt16])]] = [:]

    private init() {
        for (text, syllables) in Self.parsed {
            let units = text.unicodeScalars.map(\.value)
            let numbers = syllables.compactMap { ReadingTable.shared.number(of: $0) }
            guard let first = units.first, numbers.count == units.count else { continue }
            words[first, default: []].append((units, numbers))
        }
        for key in words.keys { words[key]?.sort { $0.units.count > $1.units.count } }
    }

    /// Every syllable that stands in the table.
    static var syllables: [String] { parsed.flatMap(\.1) }

    /// Every word and its syllables.
    static var parsed: [(String, [String])] {
        lines.split(whereSeparator: { $0 == "\n" || $0 == ";" }).map { piece in
            let parts = piece.split(separator: " ").map(String.init)
            return (parts.first ?? "", Array(parts.dropFirst()))
        }
    }

    /// The longest word that begins at a unit, as the syllables of its characters.
    func word(at index: Int, of units: [UInt32]) -> [UInt16]? {
        guard let candidates = words[units[index]] else { return nil }
        for word in candidates where units.count - index >= word.units.count {
            let end = index + word.units.count
            guard units[index..<end].elementsEqual(word.units) else { continue }
            // 南京市长江路 is no mayor: where 长 begins a word itself, that word has it.
            if units[end - 1] == 0x957F, self.word(at: end - 1, of: units) != nil { continue }
            return word.syllables
        }
        return nil
    }

    private static let lines = """
        重庆 chong qing;重阳 chong yang;重工 zhong gong;重要 zhong yao;重点 zhong dian;重型 zhong xing;体重 ti zhong
        重量 zhong liang;重症 zhong zheng;重力 zhong li;重机 zhong ji;重大 zhong da;重华 chong hua;重建 chong jian
        长宁 chang ning;长江 chang jiang;长沙 chang sha;长春 chang chun;长安 chang an;长兴 chang xing
        校长 xiao zhang;成长 cheng zhang;生长 sheng zhang;家长 jia zhang;市长 shi zhang;院长 yuan zhang
        店长 dian zhang;村长 cun zhang;站长 zhan zhang;组长 zu zhang;队长 dui zhang;部长 bu zhang;局长 ju zhang
        所长 suo zhang;会长 hui zhang;长辈 zhang bei;长者 zhang zhe;长子 zhang zi;特长 te chang;助长 zhu zhang
        银行 yin hang;行业 hang ye;商行 shang hang;车行 che hang;药行 yao hang;琴行 qin hang;花行 hua hang
        米行 mi hang;鱼行 yu hang;布行 bu hang;典当行 dian dang hang;拍卖行 pai mai hang;行情 hang qing
        行家 hang jia;分行 fen hang;支行 zhi hang;总行 zong hang;央行 yang hang;农行 nong hang;工行 gong hang
        建行 jian hang;交行 jiao hang;招行 zhao hang;同行 tong hang;五金行 wu jin hang;珠宝行 zhu bao hang
        旅行 lv xing;行人 xing ren;行政 xing zheng;步行 bu xing;自行车 zi xing che;人行道 ren xing dao
        行知 xing zhi;太行 tai hang;道行 dao heng
        厦门 xia men;大厦 da sha;广厦 guang sha;六安 lu an;六合 lu he;便宜 pian yi;便利 bian li;便民 bian min
        会计 kuai ji;会稽 kuai ji;财会 cai kuai;音乐 yin yue;乐器 yue qi;乐团 yue tuan;声乐 sheng yue
        民乐 min yue;乐队 yue dui;器乐 qi yue;国乐 guo yue;乐谱 yue pu;乐清 yue qing;乐府 yue fu;娱乐 yu le
        快乐 kuai le;俱乐部 ju le bu;乐山 le shan;乐园 le yuan;安乐 an le;都市 du shi;首都 shou du
        成都 cheng du;花都 hua du;都匀 du yun;都江 du jiang;朝阳 chao yang;朝天 chao tian;朝晖 zhao hui
        朝霞 zhao xia;今朝 jin zhao;王朝 wang chao;单县 shan xian;单于 chan yu;姓单 xing shan;单元 dan yuan
        曾家 zeng jia;曾经 ceng jing;曾国 zeng guo;尉氏 wei shi;尉迟 yu chi;尉犁 yu li;蚌埠 beng bu
        河蚌 he bang;台州 tai zhou;天台 tian tai;台湾 tai wan;大柴旦 da chai dan;大夫 dai fu;大城 dai cheng
        调解 tiao jie;调味 tiao wei;空调 kong tiao;调理 tiao li;调查 diao cha;调度 diao du;调料 tiao liao
        参观 can guan;参加 can jia;人参 ren shen;海参 hai shen;党参 dang shen;参茸 shen rong;参差 cen ci
        出差 chu chai;邮差 you chai;差别 cha bie;藏书 cang shu;收藏 shou cang;西藏 xi zang;珍藏 zhen cang
        冷藏 leng cang;储藏 chu cang;地藏 di zang;佛山 fo shan;仿佛 fang fu;柏林 bo lin;柏树 bai shu
        黄柏 huang bo;吴堡 wu bu;十里堡 shi li pu;马家堡 ma jia pu;城堡 cheng bao;瓦窑堡 wa yao bu;浒墅关 xu shu guan
        浒墅 xu shu;番禺 pan yu;番茄 fan qie;洪洞 hong tong;洞庭 dong ting;铅山 yan shan;铅笔 qian bi
        东莞 dong guan;莞尔 wan er;涡阳 guo yang;漩涡 xuan wo;亳州 bo zhou;丽水 li shui;高丽 gao li
        美丽 mei li;牟平 mu ping;中牟 zhong mu;费县 fei xian;莘县 shen xian;莘庄 xin zhuang;解放 jie fang
        解州 xie zhou;解元 jie yuan;宿州 su zhou;宿舍 su she;宿迁 su qian;星宿 xing xiu;任丘 ren qiu
        任县 ren xian;盖州 gai zhou;华山 hua shan;华佗 hua tuo;燕郊 yan jiao;燕京 yan jing;扁担 bian dan
        扁舟 pian zhou;传记 zhuan ji;自传 zi zhuan;水浒传 shui hu zhuan;传统 chuan tong;传媒 chuan mei
        宝藏 bao zang;弹弓 dan gong;子弹 zi dan;弹簧 tan huang;弹琴 tan qin;打的 da di;目的 mu di;的士 di shi
        地铁 di tie;土地 tu di;基地 ji di;工地 gong di;种畜 zhong chu;牲畜 sheng chu;畜牧 xu mu;畜禽 chu qin
        家畜 jia chu;处理 chu li;办事处 ban shi chu;好处 hao chu;还款 huan kuan;归还 gui huan;剪发 jian fa
        理发 li fa;发廊 fa lang;散步 san bu;散装 san zhuang;率先 shuai xian;效率 xiao lv;汇率 hui lv
        盛世 sheng shi;盛饭 cheng fan;石头 shi tou;一石 yi dan;弄堂 long tang;里弄 li long;玩弄 wan nong
        巷道 hang dao;巷子 xiang zi;薄荷 bo he;薄饼 bao bing;荷花 he hua;什锦 shi jin;为什么 wei shen me
        供应 gong ying;供销 gong xiao;上供 shang gong;反应 fan ying;应急 ying ji;车站 che zhan;象棋 xiang qi
        车马炮 ju ma pao;数据 shu ju;少年 shao nian;多少 duo shao;教育 jiao yu;教书 jiao shu;假日 jia ri
        中国 zhong guo;中心 zhong xin;中奖 zhong jiang;种植 zhong zhi;种子 zhong zi;折扣 zhe kou;骨折 gu zhe
        折本 she ben;着装 zhuo zhuang;附着 fu zhuo;睡着 shui zhao;拓片 ta pian;开拓 kai tuo;拓展 tuo zhan
        阿胶 e jiao;东阿 dong e;阿姨 a yi;卡车 ka che;关卡 guan qia;粘贴 zhan tie;血液 xue ye;血站 xue zhan
        熟食 shu shi;屏风 ping feng;屏蔽 ping bi;圈舍 juan she;猪圈 zhu juan;生活圈 sheng huo quan;模具 mu ju
        模样 mu yang;模型 mo xing;模范 mo fan;咖喱 ga li;咖啡 ka fei;强制 qiang zhi;倔强 jue jiang;似的 shi de
        类似 lei si;干隆 qian long;干坤 qian kun;干县 qian xian;干元 qian yuan;干安 qian an;五台 wu tai
        枞阳 zong yang;天津 tian jin;歙县 she xian;渑池 mian chi;井陉 jing xing;蔚县 yu xian;蔚蓝 wei lan
        繁峙 fan shi;黄陂 huang pi;十堰 shi yan;黟县 yi xian;郫县 pi xian;荥阳 xing yang;荥经 ying jing
        浚县 xun xian;疏浚 shu jun;大埔 da bu;黄埔 huang pu;天坻 tian di;宝坻 bao di;乐亭 lao ting
        蓟县 ji xian;句容 ju rong;邗江 han jiang;甪直 lu zhi;盱眙 xu yi;睢宁 sui ning;邳州 pi zhou
        溧阳 li yang;溧水 li shui;氾水 fan shui;浦口 pu kou;栖霞 qi xia;石臼 shi jiu;阜宁 fu ning
        """
}
